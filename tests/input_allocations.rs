//! A text table takes at most four times the memory of its doubles while it is read, however its numbers are written.

use flatcert::input::{Source, TableOptions, read, read_pair};
use std::path::PathBuf;

#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

#[test]
fn tables_take_at_most_four_times_their_doubles() {
    let folder = tempfile::tempdir().unwrap();
    let (rows, columns) = (40_000_usize, 12_usize);
    let path = folder.path().join("X.csv");
    let entry = |i: usize, j: usize| (i as f64 + 0.1).sqrt() * (j as f64 - 5.3);
    type Print = fn(f64) -> String;
    let prints: [(&str, Print); 4] = [
        (",", |v| v.to_string()),
        (" ", |v| format!("{v:.18e}")),
        (";", |v| format!("{v:.1}")),
        (" ", |v| format!("{v:.24}")),
    ];
    for (separator, print) in prints {
        let line = |i: usize| (0..columns).map(|j| print(entry(i, j))).collect::<Vec<_>>().join(separator) + "\n";
        {
            let text: String = (0..rows).map(line).collect();
            std::fs::write(&path, text).unwrap();
        }
        // One more block of numbers, the buffers of the reader: what does not grow with the table.
        let limit = ALLOCATOR.allocated() + 4 * 8 * rows * columns + (1 << 20);
        ALLOCATOR.set_limit(limit).unwrap();
        let array = read(&Source::parse(&path), &[]).unwrap();
        assert_eq!(array.shape, [rows, columns]);
        drop(array);
        let key = PathBuf::from(format!("{}:3", path.display()));
        let (x, y) = read_pair(&path, &key, &TableOptions::default()).unwrap();
        assert_eq!((x.shape[1], y.shape[1]), (columns - 1, 1));
        assert_eq!(y.values.nearest()[17], print(entry(17, 3)).parse::<f64>().unwrap());
        ALLOCATOR.set_limit(usize::MAX).unwrap();
    }
}
