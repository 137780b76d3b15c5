-- wrk -s bodies.lua http://127.0.0.1 with SCRIPT FAMILY OPERATION SEED N: prints the bodies that the script
-- sends, and ends before wrk connects. So the LuaJIT inside wrk draws them, as it does under load.
body_family, body_op = os.getenv("FAMILY"), os.getenv("OPERATION")
body_seed, body_n = tonumber(os.getenv("SEED")), tonumber(os.getenv("N"))
wrk.format = function(_, _, _, body) return body end
dofile(os.getenv("SCRIPT"))
io.stdout:flush()
os.exit(0)
