# Holds the tree against rooms.txt. Input: rooms.txt, then every source file
# and CMakeLists.txt, named from the root. Prints each fault as
# `file:line: what is wrong` and ends with status 1 if there is any.

function fault(where, what) { print where ": " what; faults++ }

# The room that a path lies in: the longest listed folder above it.
function room_of(path,    dir) {
  dir = path
  while (sub(/\/[^\/]*$/, "", dir)) {
    if (dir in known) return dir
    if (dir ~ /^tests\// && substr(dir, 7) in known) return dir
  }
  return ""
}

function may_use(room, target,    mirrored) {
  if (room == target || (room SUBSEP target) in edge) return 1
  if (room in known || room !~ /^tests\//) return 0
  mirrored = substr(room, 7)
  return target ~ /^tests\// || target ~ /^\+/ || may_use(mirrored, target)
}

function need(where, room, target) {
  if (!may_use(room, target)) fault(where, room " must not use " target)
  else if (target !~ /^\+/ && room != target) used[room SUBSEP target] = where
}

# Whether `to` can be reached from `from` along the listed edges.
function reaches(from, to,    next_room, pair) {
  if ((from SUBSEP to) in edge) return 1
  if (from in visiting) return 0
  visiting[from]
  for (pair in edge) {
    split(pair, next_room, SUBSEP)
    if (next_room[1] == from && reaches(next_room[2], to)) return 1
  }
  return 0
}

function library_of(name) {
  if (name ~ /^(rocksdb\/|RocksDB::)/) return "+rocksdb"
  if (name ~ /^(grpc|grpcpp|grpc\+\+)\// || name ~ /\.grpc\.pb\.h$/ || name ~ /^gRPC::/) return "+grpc"
  if (name ~ /\.pb\.h$/ || name ~ /^google\/protobuf\// || name ~ /^protobuf::/) return "+proto"
  return ""
}

function read_include(name, quoted,    target, library) {
  library = library_of(name)
  if (library) { need(FILENAME ":" FNR, room, library); return }
  if (name ~ /^(storage|server|client|tests)\//) {
    target = room_of(name)
    if (target) need(FILENAME ":" FNR, room, target)
    else fault(FILENAME ":" FNR, name " is in no listed room")
  } else if (quoted && name !~ /\//) {
    target = FILENAME
    sub(/[^\/]*$/, name, target)
    unrooted[FILENAME ":" FNR] = target
  }
}

# A name in a list of DEPS, or the arguments of target_link_libraries.
function read_link(name,    library) {
  library = library_of(name)
  if (library) { need(FILENAME ":" FNR, room, library); return }
  sub(/^steelyard(::|_)/, "", name)
  if (name == "proto") need(FILENAME ":" FNR, room, "+proto")
  else if (name == "test_support") need(FILENAME ":" FNR, room, "tests/support")
  else if (name in folder) need(FILENAME ":" FNR, room, folder[name])
}

function read_cmake(    line, count, i, word) {
  line = $0
  sub(/#.*/, "", line)
  if (line ~ /file *\( *GLOB/) fault(FILENAME ":" FNR, "list the sources, do not GLOB them")
  gsub(/[()"]/, " & ", line)
  count = split(line, word, /[ \t]+/)
  for (i = 1; i <= count; i++) {
    if (word[i] == "") continue
    if (word[i] == "(") { command = last; words = 0; linking = (command == "target_link_libraries") }
    else if (word[i] == ")") linking = 0
    else if (word[i] ~ /^(DEPS|PRIVATE_DEPS)$/) linking = 1
    else if (word[i] ~ /^(SRCS|HDRS|LABEL|TIMEOUT|ENVIRONMENT)$/) linking = 0
    else {
      words++
      if (word[i] ~ /\.(cc|h)$/) listed[cmake_dir "/" word[i]]
      else if (command == "steelyard_room" && words == 1) read_room_name(word[i])
      else if (linking && !(command == "target_link_libraries" && words == 1)) read_link(word[i])
    }
    last = word[i]
  }
}

function read_room_name(name) {
  if (cmake_dir ~ /^tests\//) return
  if (!(name in folder) || folder[name] != cmake_dir) fault(FILENAME ":" FNR, "room " name " does not lie in its folder")
  targets[cmake_dir]++
}

FILENAME ~ /rooms\.txt$/ {
  sub(/#.*/, "")
  if (NF == 0) next
  sub(/:$/, "", $1)
  known[$1]
  name = $1
  gsub(/\//, "_", name)
  folder[name] = $1
  for (i = 2; i <= NF; i++) {
    if ($i ~ /^!/) banned[$1 SUBSEP substr($i, 2)]
    else edge[$1 SUBSEP $i]
  }
  next
}

FNR == 1 {
  is_cmake = FILENAME ~ /CMakeLists\.txt$/
  room = room_of(FILENAME)
  cmake_dir = FILENAME
  sub(/\/?CMakeLists\.txt$/, "", cmake_dir)
  files++
  seen[FILENAME]
  if (!is_cmake) {
    if (!room) fault(FILENAME ":1", "is in no listed room")
    else if (FILENAME !~ /^tests\// || FILENAME ~ /\.cc$/) source[FILENAME]
    if (room) has_source[room]
  }
}

is_cmake { read_cmake(); next }

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
  name = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*["<]/, "", name)
  sub(/[">].*/, "", name)
  read_include(name, $0 ~ /include[ \t]*"/)
}

END {
  for (file in source) if (!(file in listed)) fault(file ":1", "is listed in no CMakeLists.txt of its folder")
  for (where in unrooted)
    if (unrooted[where] in seen) fault(where, "include " unrooted[where] " from the root, folder and all")
  for (r in has_source)
    if (r in known && r !~ /^tests\// && targets[r] != 1)
      fault(r, "has " targets[r] + 0 " steelyard_room targets, wanted 1")
  for (r in known) {
    split("", visiting)
    if (reaches(r, r)) fault("tests/structure/rooms.txt", r " can reach itself")
  }
  for (pair in banned) {
    split(pair, b, SUBSEP)
    split("", visiting)
    if (reaches(b[1], b[2])) fault("tests/structure/rooms.txt", b[1] " can reach " b[2])
  }
  for (pair in used) edges++
  if (!faults) printf "%d files in %d rooms, %d edges in use, all of them allowed\n", files, length_of(known), edges
  exit faults > 0
}

function length_of(set,    key, n) { for (key in set) n++; return n }
