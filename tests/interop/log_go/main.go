// SPDX-License-Identifier: MPL-2.0

// Command log_go checks a civis log with Go's own checksum-database packages:
//
//	log_go DIR        DIR as tests/interop/make_log.c writes it
//
// It shares no code with civis. Exit 0: everything holds; 1: something does not.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func die(format string, args ...interface{}) {
	fmt.Printf("log_go: "+format+"\n", args...)
	os.Exit(1)
}

func read(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		die("%v", err)
	}
	return data
}

// openCheckpoint checks the signature and reads the three lines.
func openCheckpoint(msg []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		die("verifier key: %v", err)
	}
	n, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		die("checkpoint: %v", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		die("checkpoint: wrong origin or shape")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		die("checkpoint: %v", err)
	}
	return tlog.Tree{N: size, Hash: parseHash(lines[2])}
}

func parseHash(text string) tlog.Hash {
	var h tlog.Hash
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		die("not a hash: %q", text)
	}
	copy(h[:], raw)
	return h
}

// folder reads tiles from the log's folder; a partial tile may have become a full one.
type folder struct{ dir string }

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.dir, path))
		if os.IsNotExist(err) && t.W < 256 {
			full := t
			full.W = 256
			path = strings.Replace(full.Path(), "tile/8/", "tile/", 1)
			data, err = os.ReadFile(filepath.Join(f.dir, path))
		}
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is short", path)
		}
		out[i] = data[:t.W*tlog.HashSize]
	}
	return out, nil
}

func bundlePath(index int64, width int) string {
	t := tlog.Tile{H: 8, L: 0, N: index, W: width}
	return strings.Replace(t.Path(), "tile/8/0/", "tile/entries/", 1)
}

// checkEntries compares every entry with its leaf hash in the authenticated tiles.
func checkEntries(dir string, tree tlog.Tree, hashes tlog.HashReader) {
	for first := int64(0); first < tree.N; first += 256 {
		width := 256
		if tree.N-first < 256 {
			width = int(tree.N - first)
		}
		bundle := read(dir, bundlePath(first/256, width))
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		leaves, err := hashes.ReadHashes(indexes)
		if err != nil {
			die("tiles at %d: %v", first, err)
		}
		for i := 0; i < width; i++ {
			if len(bundle) < 2 {
				die("bundle at %d is short", first)
			}
			n := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+n {
				die("bundle at %d is short", first)
			}
			if tlog.RecordHash(bundle[2:2+n]) != leaves[i] {
				die("entry %d is not what its leaf says", first+int64(i))
			}
			bundle = bundle[2+n:]
		}
		if len(bundle) != 0 {
			die("bundle at %d is long", first)
		}
	}
}

func checkProofs(tree, older tlog.Tree, hashes tlog.HashReader) {
	step := tree.N/500 + 1
	for i := int64(0); i < tree.N; i += step {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		if err != nil {
			die("leaf %d: %v", i, err)
		}
		proof, err := tlog.ProveRecord(tree.N, i, hashes)
		if err != nil {
			die("inclusion of %d: %v", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, i, leaf[0]); err != nil {
			die("inclusion of %d: %v", i, err)
		}
	}
	proof, err := tlog.ProveTree(tree.N, older.N, hashes)
	if err != nil {
		die("consistency: %v", err)
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		die("consistency: %v", err)
	}
}

// checkOffline checks a c2sp.org/tlog-proof@v1 for an entry.
func checkOffline(text, vkey string, entry []byte) {
	parts := strings.SplitN(text, "\n\n", 2)
	if len(parts) != 2 {
		die("proof: no empty line")
	}
	lines := strings.Split(parts[0], "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		die("proof: wrong shape")
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	if err != nil {
		die("proof: %v", err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		proof = append(proof, parseHash(line))
	}
	tree := openCheckpoint([]byte(parts[1]), vkey)
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		die("proof: %v", err)
	}
}

func main() {
	if len(os.Args) != 2 {
		die("usage: log_go DIR")
	}
	dir := os.Args[1]
	logDir := filepath.Join(dir, "log")
	vkey := strings.TrimSpace(string(read(dir, "log.vkey")))
	tree := openCheckpoint(read(logDir, "checkpoint"), vkey)
	older := openCheckpoint(read(dir, "older"), vkey)
	hashes := tlog.TileHashReader(tree, folder{logDir})
	checkEntries(logDir, tree, hashes)
	checkProofs(tree, older, hashes)
	var entry []byte
	if _, err := fmt.Sscanf(string(read(dir, "commitment.hex")), "%x", &entry); err != nil {
		die("commitment: %v", err)
	}
	checkOffline(string(read(dir, "proof")), vkey, entry)
	fmt.Printf("log_go: %d entries, all proofs hold\n", tree.N)
}
