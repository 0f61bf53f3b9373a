//! The two functions between which callgrind counts: it knows them by their names. Their bodies differ, or the
//! compiler would make one of them.

/// Counting begins behind this.
#[inline(never)]
pub fn counting_begins() {
    std::hint::black_box("begin");
}

/// Counting ends before this.
#[inline(never)]
pub fn counting_ends() {
    std::hint::black_box(1_u64);
}
