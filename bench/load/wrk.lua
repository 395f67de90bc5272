-- Asks for paths at random, and says what came of it in a line of JSON. Its arguments: a file, a seed.
-- A line of the file is "H name: value" for a header, "P /path" for a path, or "N" where every request shall come from
-- another network.
local requests = {}
local comes_from_anywhere = false

function init(args)
  local paths = {}
  for line in io.lines(args[1]) do
    local kind, rest = line:sub(1, 1), line:sub(3)
    if kind == "H" then
      local name, value = rest:match("^([^:]+): (.*)$")
      wrk.headers[name] = value
    elseif kind == "P" then
      paths[#paths + 1] = rest
    else
      comes_from_anywhere = true
    end
  end
  math.randomseed(tonumber(args[2]))
  for index, path in ipairs(paths) do
    requests[index] = wrk.format("GET", path)
  end
end

function request()
  local text = requests[math.random(#requests)]
  if not comes_from_anywhere then
    return text
  end
  local address = string.format("11.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(0, 255))
  return text:sub(1, -3) .. "X-Forwarded-For: " .. address .. "\r\n\r\n"
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfigures {"requests":%d,"microseconds":%d,"bytes":%d,"refused":%d,"broken":%d,"timeouts":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status, errors.connect + errors.read + errors.write,
    errors.timeout, latency:percentile(50), latency:percentile(99)
  ))
end
