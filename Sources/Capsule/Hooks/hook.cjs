// Stormtape's language hook: what Node draws from the system comes from the run's seed.
//
// It stands in where the preload library is refused. Time stays real.
"use strict";

const childProcess = require("node:child_process");
const crypto = require("node:crypto");
const workers = require("node:worker_threads");

const VARIABLE = "STORMTAPE_HOOK";
const birth = process.env[VARIABLE];

function install() {
  // A worker thread shares the variable with its process.
  const key = workers.isMainThread ? birth : `${birth}.t${workers.threadId}`;
  let draws = 0;
  let children = 0;

  function draw(size) {
    draws += 1;
    const hash = crypto.createHash("shake256", { outputLength: Math.max(size, 1) });
    return hash.update(`stormtape hook 1 ${key} ${draws}`).digest().subarray(0, size);
  }

  function fill(view) {
    const bytes = ArrayBuffer.isView(view)
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : new Uint8Array(view);
    bytes.set(draw(bytes.length));
    return view;
  }

  function later(callback, ...results) {
    process.nextTick(callback, null, ...results);
  }

  function uuid() {
    const bytes = draw(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const text = bytes.toString("hex");
    const cuts = [0, 8, 12, 16, 20, 32];
    return cuts.slice(1).map((end, index) => text.slice(cuts[index], end)).join("-");
  }

  function fraction() {
    return Number(draw(8).readBigUInt64LE() >> 11n) / 2 ** 53;
  }

  function randomInt(low, high, callback) {
    if (high === undefined || typeof high === "function") [low, high, callback] = [0, low, high];
    const value = low + Math.floor(fraction() * (high - low));
    return callback ? later(callback, value) : value;
  }

  function randomBytes(size, callback) {
    const bytes = draw(size);
    return callback ? later(callback, bytes) : bytes;
  }

  function part(view, offset, size) {
    const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
    return bytes.subarray(offset ?? 0, size === undefined ? undefined : (offset ?? 0) + size);
  }

  Math.random = fraction;
  crypto.randomBytes = crypto.pseudoRandomBytes = randomBytes;
  crypto.randomUUID = uuid;
  crypto.randomInt = randomInt;
  crypto.randomFillSync = (view, offset, size) => {
    fill(part(view, offset, size));
    return view;
  };
  crypto.randomFill = (view, ...rest) => {
    const callback = rest.pop();
    later(callback, crypto.randomFillSync(view, ...rest));
  };
  const web = Object.getPrototypeOf(globalThis.crypto);
  web.getRandomValues = fill;
  web.randomUUID = uuid;

  function nextBirth() {
    children += 1;
    return `${key}.${children}`;
  }

  const spawn = childProcess.ChildProcess.prototype.spawn;
  childProcess.ChildProcess.prototype.spawn = function (options) {
    const others = (options.envPairs ?? []).filter((pair) => !pair.startsWith(`${VARIABLE}=`));
    options.envPairs = [...others, `${VARIABLE}=${nextBirth()}`];
    return spawn.call(this, options);
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"]) {
    const start = childProcess[name];
    childProcess[name] = (...rest) => {
      process.env[VARIABLE] = nextBirth();
      try {
        return start(...rest);
      } finally {
        process.env[VARIABLE] = birth;
      }
    };
  }
  require("node:module").syncBuiltinESMExports();
}

if (birth) install();
