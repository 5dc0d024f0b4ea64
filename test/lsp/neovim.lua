-- Opens a driver in Neovim with its own client, waits for the diagnostics, applies the quick fix, and tells what it saw.
-- Environment: SERVER_NODE, SERVER_PROGRAM, DRIVER (the file to open), RESULT (the file to write).

local result = {}

local function finish(problem)
  result.problem = problem
  local file = assert(io.open(vim.env.RESULT, "w"))
  file:write(vim.json and vim.json.encode(result) or vim.fn.json_encode(result))
  file:close()
  vim.cmd("qall!")
end

local function run()
  vim.cmd("edit " .. vim.fn.fnameescape(vim.env.DRIVER))
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({
    name = "driverlab",
    cmd = { vim.env.SERVER_NODE, vim.env.SERVER_PROGRAM, "--stdio" },
  })
  vim.lsp.buf_attach_client(buffer, client)

  if not vim.wait(15000, function() return #vim.diagnostic.get(buffer) > 0 end, 20) then
    return finish("no diagnostics within 15 s")
  end
  result.diagnostics = {}
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(result.diagnostics, {
      line = found.lnum + 1,
      severity = found.severity,
      message = found.message,
      code = found.user_data.lsp.code,
      chain = #(found.user_data.lsp.relatedInformation or {}),
    })
  end

  local first = vim.diagnostic.get(buffer)[1]
  local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    range = {
      start = { line = first.lnum, character = first.col },
      ["end"] = { line = first.end_lnum, character = first.end_col },
    },
    context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer, first.lnum) },
  }, 5000)
  local action = answers and answers[client] and answers[client].result and answers[client].result[1]
  if not action then return finish("no code action") end
  result.action = action.title
  vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding or "utf-16")
  result.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") .. "\n"

  result.cleared = vim.wait(15000, function() return #vim.diagnostic.get(buffer) == 0 end, 20)
  finish(nil)
end

local ok, problem = pcall(run)
if not ok then finish(tostring(problem)) end
