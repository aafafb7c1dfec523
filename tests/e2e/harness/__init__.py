"""What the end-to-end tests and the demonstration are made of: servers, crier, clients."""
