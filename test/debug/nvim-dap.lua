-- A session in Neovim with nvim-dap, which prints what it met:
--   DRIVERLAB_NVIM_DAP=folder nvim --headless -u test/debug/nvim-dap.lua
-- Skips itself where that folder is not given; ends with 1 when something is not as it should be.
local plugin = os.getenv("DRIVERLAB_NVIM_DAP")
local root = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h")
local adapter = (os.getenv("DRIVERLAB_DIST") or root .. "/dist") .. "/driverlab-dap.js"

local function say(text)
  io.stdout:write(text .. "\n")
end

if plugin == nil or vim.fn.isdirectory(plugin .. "/lua/dap") == 0 then
  say("skipped: DRIVERLAB_NVIM_DAP names no folder of nvim-dap")
  vim.cmd("qall!")
end

vim.opt.runtimepath:append(plugin)
vim.opt.swapfile = false
local dap = require("dap")
local repl = require("dap.repl")
local complaints = {}
vim.notify = function(text, level)
  if (level or 0) >= vim.log.levels.WARN then table.insert(complaints, text) end
end

dap.adapters.driverlab = { type = "executable", command = "node", args = { adapter } }
dap.configurations.typescript = {
  { type = "driverlab", request = "launch", name = "Driver in the simulated kernel", program = "${file}" },
}

-- Of the statements of a line that can be jumped to, the first.
vim.ui.select = function(items, _, on_choice) on_choice(items[1], 1) end

local function wait(what, condition)
  if not vim.wait(10000, condition, 5) then error("waited for nothing: " .. what, 0) end
end

local function expect(what, is, wanted)
  if is ~= wanted then error(("%s is %s, not %s"):format(what, vim.inspect(is), vim.inspect(wanted)), 0) end
end

-- Does something that ends in a stop; the line that is stopped at.
local function stop(what, act)
  local session = dap.session()
  local before = session and session.current_frame
  act()
  wait(what, function()
    session = dap.session()
    local now = session and session.current_frame
    return now and now ~= before and now.scopes
  end)
  local frame = dap.session().current_frame
  local text = vim.trim(vim.fn.getbufline(vim.fn.bufnr(vim.uri_to_fname(vim.uri_from_fname(frame.source.path))), frame.line)[1])
  expect("the cursor's line after " .. what, vim.fn.line("."), frame.line)
  say(("%s: %s, “%s”"):format(what, frame.name, text))
  return text
end

local function scope(name)
  for _, one in ipairs(dap.session().current_frame.scopes) do
    if one.name == name then
      wait("the variables of " .. name, function() return one.variables end)
      return one
    end
  end
  error("no scope " .. name, 0)
end

-- A line in the REPL; what it answered.
local function type_line(line, wanted)
  local buffer = vim.fn.bufnr("dap-repl")
  local count = vim.api.nvim_buf_line_count(buffer)
  vim.api.nvim_win_call(vim.fn.win_findbuf(buffer)[1], function()
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes("A" .. line .. "<CR><Esc>", true, false, true), "xt", false)
  end)
  local function answer()
    return table.concat(vim.api.nvim_buf_get_lines(buffer, count, -1, false), "\n")
  end
  if not vim.wait(5000, function() return answer():find(wanted, 1, true) end, 5) then
    error(("“%s” answers “%s”, not “%s”"):format(line, answer(), wanted), 0)
  end
  say(("repl %s: %s"):format(line, wanted))
end

local function open(driver)
  vim.cmd("edit " .. root .. driver)
  vim.bo.filetype = "typescript"
end

local function leave()
  dap.terminate()
  wait("the end of the session", function() return dap.session() == nil end)
end

local function stops_and_steps()
  open("/simulator/examples/edu.ts")
  local driver = vim.api.nvim_get_current_win()
  vim.fn.search("d.computing = false;")
  dap.toggle_breakpoint()
  expect("breakpoint", stop("launch", dap.continue), "d.computing = false;")

  local session = dap.session()
  local thread = session.threads[session.stopped_thread_id]
  local names = vim.tbl_map(function(frame) return frame.name end, thread.frames)
  say("stack: " .. table.concat(names, ", "))
  expect("the innermost frame", names[1], "<IRQ>")
  local scopes = vim.tbl_map(function(one) return one.name end, session.current_frame.scopes)
  say("scopes: " .. table.concat(scopes, ", "))
  local status
  for _, one in pairs(scope("Locals").variables) do
    if one.name == "status" then status = one.value end
  end
  expect("status", status, "1")

  expect("step", stop("step over", dap.step_over), "d.ready = true;")
  expect("step back", stop("step back", dap.step_back), "d.computing = false;")
  stop("step out", dap.step_out)
  stop("reverse continue", dap.reverse_continue)

  repl.open({}, "belowright split")
  vim.api.nvim_set_current_win(driver)
  type_line("status + 41", "42")
  type_line("lx-ps", "swapper/0")
  type_line("cat /proc/interrupts", "edu")
  type_line("no_such_name", "'no_such_name' undeclared")

  vim.fn.search("d.raised += 1;")
  stop("run to cursor", dap.run_to_cursor)
  vim.fn.search("wake_up(d.wait);")
  expect("jump", stop("jump to cursor", dap.goto_), "wake_up(d.wait);")
  vim.fn.search("spin_unlock(d.lock);", "b")
  expect("jump", stop("jump back to cursor", dap.goto_), "spin_unlock(d.lock);")
  stop("restart frame", dap.restart_frame)

  -- At the end there is no frame to go to, which nvim-dap says; from there it goes back.
  dap.clear_breakpoints()
  dap.continue()
  wait("the end of the run", function() return #complaints == 1 end)
  expect("what nvim-dap says at the end", table.remove(complaints), "Debug adapter stopped at unavailable location")
  stop("step back from the end", dap.step_back)

  open("/simulator/examples/edu.ts")
  vim.fn.search("d.computing = false;")
  dap.toggle_breakpoint()
  stop("restart", dap.restart)
  dap.clear_breakpoints()
  leave()
end

-- A report of a check is an exception, and its words a diagnostic at its line.
local function report()
  open("/simulator/examples/mistakes.ts")
  stop("report", dap.continue)
  local diagnostics
  wait("a diagnostic", function()
    diagnostics = vim.diagnostic.get(0)
    return #diagnostics > 0
  end)
  say("diagnostic: " .. diagnostics[1].message:match("Description: ([^\n]+)"))
  leave()
end

local function pause()
  open("/test/debug/drivers/endless.ts")
  dap.continue()
  wait("the run", function() return dap.session() and dap.session().initialized end)
  stop("pause", function() dap.pause(1) end)
  leave()
end

local function run()
  stops_and_steps()
  report()
  pause()
  expect("complaints of nvim-dap", table.concat(complaints, "\n"), "")
  say("ended")
end

vim.defer_fn(function()
  local ok, problem = pcall(run)
  if not ok then
    say("FAILED: " .. tostring(problem) .. "\n" .. table.concat(complaints, "\n"))
    vim.cmd("cquit 1")
  end
  vim.cmd("qall!")
end, 0)
