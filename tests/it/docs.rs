//! The documents: tables in them are made from the code.
