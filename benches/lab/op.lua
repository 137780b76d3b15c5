-- wrk -s op.lua URL -- <family> <operation> <seed>
-- family: gongtu | limit. Every request has fresh variables, drawn as the peers' script draws them, so
-- that the same seed asks for the same rows. The token of the service is in TOKEN.
local divisions = { "130300", "130302", "130303", "130304", "130306", "130321", "130322", "130324", "130371", "130372" }
local ranks = { "APPRENTICE", "ELEMENTARY", "INTERMEDIATE", "SENIOR", "TECHNICIAN", "SENIOR_TECHNICIAN" }
local workers, employers = 680000, 6000

local page = "workers(first:20,where:{divisionCode:{eq:$d},skillRank:{in:$s}},orderBy:[{field:CREATED_AT,direction:DESC}]){%sedges{cursor node{id name skillRank createdAt employmentStatus}} pageInfo{hasNextPage endCursor}}"
local text = {
  q1 = "query Q1($id:ID!){worker(by:{id:$id}){id name sex birthOn employmentStatus educationCode phone{value} skillRank createdAt updatedAt}}",
  q2 = "query Q2($id:ID!){workers(first:50,where:{employer:{id:{eq:$id}}},orderBy:[{field:NAME}]){edges{cursor node{id name sex skillRank createdAt employer{id name} division{code name}}} pageInfo{hasNextPage endCursor}}}",
  q3 = "query Q3($d:DivisionCode!){innovationStudios(first:20,where:{divisionCode:{eq:$d}}){edges{node{id name field leader{id name employer{id name}} members(first:5){edges{node{id role worker{id name}}}} achievements(first:3,orderBy:[{field:ACHIEVED_ON,direction:DESC}]){edges{node{id title achievedOn}}}}}}}",
  q4 = "query Q4($d:DivisionCode!,$s:[SkillRank!]!){" .. page:format("totalCount(exact:true) ") .. "}",
  q4n = "query Q4N($d:DivisionCode!,$s:[SkillRank!]!){" .. page:format("") .. "}",
  q5 = os.getenv("Q5_TEXT") or "",
  m1 = "mutation M1($i:WorkerUpsertInput!){workerUpsert(input:$i){worker{id} userErrors{code}}}",
}

-- An id as clients see it. The key is in the first 48 bits, which are the first ten characters; the other
-- sixteen are the same for every row of a table.
local alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
local function id(kind, tail, key)
  local rest, digits = 1704067200000 + key, {}
  for place = 10, 1, -1 do
    local digit = rest % 32
    digits[place] = alphabet:sub(digit + 1, digit + 1)
    rest = (rest - digit) / 32
  end
  return kind .. "_" .. table.concat(digits) .. tail
end
local function worker(key) return id("worker", "e008000000000001", key) end
local function employer(key) return id("employer", "e008000000000002", key) end

local function from(rank)
  local list = {}
  for place = rank + 1, #ranks do list[#list + 1] = '"' .. ranks[place] .. '"' end
  return "[" .. table.concat(list, ",") .. "]"
end

local gongtu = {
  q1 = function() return string.format('{"id":"%s"}', worker(math.random(1, workers))) end,
  q2 = function() return string.format('{"id":"%s"}', employer(math.random(1, employers))) end,
  q3 = function() return string.format('{"d":"%s"}', divisions[math.random(10)]) end,
  q4 = function() return string.format('{"d":"%s","s":%s}', divisions[math.random(10)], from(math.random(0, 5))) end,
  m1 = function()
    -- The peers draw an employer too; it is drawn here and not sent.
    local value, _ = math.random(0, 99999), math.random(1, employers)
    local division, rank = divisions[math.random(10)], ranks[math.random(0, 5) + 1]
    return string.format('{"i":{"externalId":{"source":"bench","value":"B%06d"},"name":"王建军","divisionCode":"%s","sex":"MALE","birthOn":"1980-02-03","phone":"13900000000","educationCode":"30","employmentStatus":"EMPLOYED","skillRank":"%s"}}',
      value, division, rank)
  end,
}
local limit = {
  q1 = function() return string.format('{"id":"%d"}', math.random(1, workers)) end,
  q2 = function() return string.format('{"id":"%d"}', math.random(1, employers)) end,
  q3 = gongtu.q3,
  q4 = function() return string.format('{"d":"%s","s":%d}', divisions[math.random(10)], math.random(0, 5)) end,
  m1 = function()
    return string.format('{"i":{"source":"bench","externalId":"B%06d","name":"王建军","gender":"male","birthDate":"1980-02-03","employerId":"%d","divisionCode":"%s","employmentForm":"formal","education":"college","phone":"13900000000","skillLevel":%d,"unionJoinedOn":"2010-05-01"}}',
      math.random(0, 99999), math.random(1, employers), divisions[math.random(10)], math.random(0, 5))
  end,
}
for _, draws in pairs({ gongtu, limit }) do draws.q4n, draws.q5 = draws.q4, draws.q3 end

local head, variables
function init(args)
  local family, op = args[1], args[2]
  math.randomseed(tonumber(args[3] or "1"))
  if family == "limit" then
    head, variables = '{"op":"' .. op .. '","variables":', limit[op]
  else
    head, variables = '{"query":"' .. text[op]:gsub('"', '\\"') .. '","variables":', gongtu[op]
    wrk.headers["Authorization"] = "Bearer " .. (os.getenv("TOKEN") or "")
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.path = "/graphql"
end

function request() return wrk.format(nil, nil, nil, head .. variables() .. "}") end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"seconds":%.4f,"p50_us":%d,"p99_us":%d,"max_us":%d,"bytes":%d,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), latency.max, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

-- For bodies.lua.
if body_family then
  init({ body_family, body_op, body_seed })
  for _ = 1, body_n do print(head .. variables() .. "}") end
end
