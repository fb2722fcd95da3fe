#ifndef STEELYARD_SERVER_APP_CIRCLE_SOURCES_H_
#define STEELYARD_SERVER_APP_CIRCLE_SOURCES_H_

#include "server/audit/read_journal.h"
#include "server/circles/circle_service.h"
#include "storage/ledger/ledger.h"

namespace steelyard::app {

// What circles read and record, over one ledger: rows of one council at a
// time, what negotiations show of a council, and looks. Does not own what it is
// given, which must outlive it. Thread-safe.
circles::CircleSources MakeCircleSources(const ledger::Ledger& ledger, audit::ReadJournal& journal);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_CIRCLE_SOURCES_H_
