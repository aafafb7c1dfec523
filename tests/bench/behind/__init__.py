"""The benchmark behind real servers: crier-bench plays the users, the service is whoever serves."""
