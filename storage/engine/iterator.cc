#include "storage/engine/iterator.h"

#include <utility>

#include "storage/engine/iterator_state.h"
#include "storage/engine/rocks_status.h"

namespace steelyard::engine {

Iterator::Iterator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Iterator::~Iterator() = default;

bool Iterator::Valid() const { return state_->rocks->Valid(); }

void Iterator::Next() {
  if (state_->ascending) {
    state_->rocks->Next();
  } else {
    state_->rocks->Prev();
  }
}

std::string_view Iterator::key() const { return state_->rocks->key().ToStringView(); }
std::string_view Iterator::value() const { return state_->rocks->value().ToStringView(); }
absl::Status Iterator::status() const { return FromRocks(state_->rocks->status(), "scan"); }

}  // namespace steelyard::engine
