// Runs @stedi/x12-tools once, as harness.py runs a Python program: node harness.mjs MODULES MODE FILE SMALL
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [modules, mode, file, small] = process.argv.slice(2);
const { metadata } = createRequire(join(modules, "package.json"))("@stedi/x12-tools");
const peak = () => process.resourceUsage().maxRSS / 1024;
const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
const read = (path) => metadata(readFileSync(path, "utf8"));

read(small);
const base = peak();
let taken, bytes;
if (mode === "count") {
  // What it says of an interchange is of its envelope only.
  console.log(JSON.stringify({ sets: read(file).interchanges?.[0]?.functional_groups?.[0]?.transactions?.length }));
  process.exit();
}
if (mode === "large") {
  const start = process.hrtime.bigint();
  read(file);
  taken = seconds(start);
  bytes = readFileSync(file).length;
} else if (mode === "warm") {
  const text = readFileSync(small, "utf8");
  const repeats = [];
  while (repeats.length < 200) {
    const start = process.hrtime.bigint();
    metadata(text);
    repeats.push(seconds(start));
  }
  taken = repeats.sort((a, b) => a - b)[100];
  bytes = readFileSync(small).length;
} else {
  const files = readdirSync(file).map((name) => join(file, name));
  const start = process.hrtime.bigint();
  for (const path of files) read(path);
  taken = seconds(start);
  bytes = files.reduce((sum, path) => sum + readFileSync(path).length, 0);
}
console.log(JSON.stringify({ seconds: taken, bytes, peak_mb: peak(), base_mb: base }));
