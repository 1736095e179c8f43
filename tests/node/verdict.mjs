// Counts checks, says which of them failed, and ends with one line and an exit code.
let passed = 0;
let failed = 0;

export function check(what, ok, why = "") {
  if (ok) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED ${what}${why ? `\n  ${why}` : ""}`);
  }
  return ok;
}

export function verdict() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
