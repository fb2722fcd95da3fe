#include "tests/support/linear_programme.h"

#include <glpk.h>

namespace steelyard::testing {
namespace {

int Kind(double low, double high) {
  if (low == high) return GLP_FX;
  if (high == LinearProgramme::kInfinity) return GLP_LO;
  return low == -LinearProgramme::kInfinity ? GLP_UP : GLP_DB;
}

// GLPK counts from 1.
int Number(size_t index) { return static_cast<int>(index) + 1; }

}  // namespace

LinearProgramme::LinearProgramme(size_t rows, size_t columns) : problem_(glp_create_prob()) {
  if (rows > 0) glp_add_rows(problem_, static_cast<int>(rows));
  if (columns > 0) glp_add_cols(problem_, static_cast<int>(columns));
  for (size_t c = 0; c < columns; ++c) BoundColumn(c, 0, kInfinity);
}

LinearProgramme::~LinearProgramme() { glp_delete_prob(problem_); }

void LinearProgramme::SetColumn(size_t column, const std::vector<size_t>& rows) {
  std::vector<int> index{0};
  for (size_t row : rows) index.push_back(Number(row));
  const std::vector<double> ones(index.size(), 1.0);
  glp_set_mat_col(problem_, Number(column), static_cast<int>(rows.size()), index.data(),
                  ones.data());
}

size_t LinearProgramme::AddRow(const std::vector<size_t>& columns) {
  const int row = glp_add_rows(problem_, 1);
  std::vector<int> index{0};
  for (size_t column : columns) index.push_back(Number(column));
  const std::vector<double> ones(index.size(), 1.0);
  glp_set_mat_row(problem_, row, static_cast<int>(columns.size()), index.data(), ones.data());
  return static_cast<size_t>(row) - 1;
}

void LinearProgramme::BoundRow(size_t row, double low, double high) {
  glp_set_row_bnds(problem_, Number(row), Kind(low, high), low, high);
}

void LinearProgramme::BoundColumn(size_t column, double low, double high) {
  glp_set_col_bnds(problem_, Number(column), Kind(low, high), low, high);
}

LinearProgramme::Result LinearProgramme::Solve(const std::vector<size_t>& columns, bool largest) {
  for (size_t column : objective_) glp_set_obj_coef(problem_, Number(column), 0.0);
  for (size_t column : columns) glp_set_obj_coef(problem_, Number(column), 1.0);
  objective_ = columns;
  glp_set_obj_dir(problem_, largest ? GLP_MAX : GLP_MIN);
  glp_smcp options;
  glp_init_smcp(&options);
  options.msg_lev = GLP_MSG_OFF;
  if (glp_simplex(problem_, &options) != 0) {
    glp_std_basis(problem_);
    if (glp_simplex(problem_, &options) != 0) return Result::kNone;
  }
  if (glp_get_status(problem_) == GLP_UNBND) return Result::kUnbounded;
  return glp_get_status(problem_) == GLP_OPT ? Result::kFound : Result::kNone;
}

double LinearProgramme::value() const { return glp_get_obj_val(problem_); }

double LinearProgramme::ColumnValue(size_t column) const {
  return glp_get_col_prim(problem_, Number(column));
}

}  // namespace steelyard::testing
