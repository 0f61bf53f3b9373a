//! `Sum`: SHA-256 (FIPS 180-4), to compare a file here with what `sha256sum` says of it there.

/// Bytes that are taken in at once.
const BLOCK: usize = 64;

/// The first 32 bits of the fractional parts of the square roots of the first eight primes.
const BEGIN: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The same of the cube roots of the first 64 primes.
#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// A sum under way.
#[derive(Debug, Clone)]
pub struct Sum {
    state: [u32; 8],
    rest: Vec<u8>,
    length: u64,
}

impl Default for Sum {
    fn default() -> Self {
        Self { state: BEGIN, rest: Vec::with_capacity(BLOCK), length: 0 }
    }
}

impl Sum {
    /// Takes the next bytes in.
    pub fn add(&mut self, mut bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if !self.rest.is_empty() {
            let (first, more) = bytes.split_at(bytes.len().min(BLOCK - self.rest.len()));
            self.rest.extend_from_slice(first);
            bytes = more;
            if self.rest.len() < BLOCK {
                return;
            }
            mix(&mut self.state, &std::mem::take(&mut self.rest));
        }
        let blocks = bytes.chunks_exact(BLOCK);
        self.rest.extend_from_slice(blocks.remainder());
        blocks.for_each(|block| mix(&mut self.state, block));
    }

    /// The sum of all that was taken in, in hexadecimal as `sha256sum` writes it.
    pub fn hex(mut self) -> String {
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        let mut end = std::mem::take(&mut self.rest);
        end.push(0x80);
        end.resize((end.len() + bits.len()).next_multiple_of(BLOCK) - bits.len(), 0);
        end.extend_from_slice(&bits);
        end.chunks_exact(BLOCK).for_each(|block| mix(&mut self.state, block));
        let digits =
            |word: &u32| (0..8).rev().filter_map(move |at| char::from_digit(word >> (4 * at) & 15, 16)).collect();
        self.state.iter().map(digits).collect::<Vec<String>>().concat()
    }
}

/// Takes one block in; the names are those of the standard.
fn mix(state: &mut [u32; 8], block: &[u8]) {
    let mut w = [0_u32; 16];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for k in ROUNDS {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let t1 = h.wrapping_add(s1).wrapping_add((e & f) ^ (!e & g)).wrapping_add(k).wrapping_add(w[0]);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t2 = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
        let near = w[1].rotate_right(7) ^ w[1].rotate_right(18) ^ (w[1] >> 3);
        let far = w[14].rotate_right(17) ^ w[14].rotate_right(19) ^ (w[14] >> 10);
        w[0] = w[0].wrapping_add(near).wrapping_add(w[9]).wrapping_add(far);
        w.rotate_left(1);
    }
    for (word, mixed) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(mixed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(bytes: &[u8], piece: usize) -> String {
        let mut sum = Sum::default();
        bytes.chunks(piece).for_each(|piece| sum.add(piece));
        sum.hex()
    }

    /// The examples of the standard, and one more for each way in which the end may fall.
    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(sum(b"", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sum(b"abc", 1), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(sum(two, 5), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        let many = vec![b'a'; 1_000_000];
        assert_eq!(sum(&many, 1_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    #[test]
    fn pieces_make_no_difference() {
        let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
        for length in [55, 56, 63, 64, 65, 119, 120, 128, 300] {
            let whole = sum(&bytes[..length], length);
            assert!([1, 7, 63, 64, 65].iter().all(|piece| sum(&bytes[..length], *piece) == whole), "{length}");
        }
    }
}
