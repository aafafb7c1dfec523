#pragma once
/// Results of ad-hoc commands that are lists, page by page.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/forms.hpp"
#include "cli/json.hpp"
#include "cli/requests.hpp"
#include "cli/table.hpp"

namespace crier::cli {

class ClientSession;

/// One page of the list that the command `command` answers with `settings`; the field `next` of the
/// result is put into `next`, empty at the end of the list. Throws Fault as run_command does.
FormTable read_page(ClientSession& session, std::string_view command,
                    std::span<const Setting> settings, std::string& next,
                    const Subject& about = {});

/// The whole list: each page begins behind (`after`) what the one before it says. Throws Fault as
/// run_command does.
FormTable read_report(ClientSession& session, std::string_view command,
                      std::vector<Setting> settings, const Subject& about = {});

/// The cell of that column; empty when there is none.
std::string cell(const FormTable& list, std::size_t row, std::string_view var);

/// Each row as an object of its columns' names.
Json to_json(const FormTable& list);
Json to_json(const FormTable& list, std::size_t row);

/// The columns `vars`, with the names that the service has for them in capitals.
Table to_table(const FormTable& list, std::span<const std::string_view> vars);

}  // namespace crier::cli
