//! rutter's tests from outside: one binary, so that it is linked once.

mod house;
