'use strict';

const fs = require('fs');

// Starts Azurite and ends it with the process that started it. Azurite keeps acknowledged rows in memory for seconds and writes them on
// SIGTERM, so when standard input ends (the parent closed it, or is gone, however it went) this process sends itself that signal.
const end = () => process.kill(process.pid, 'SIGTERM');
process.stdin.on('end', end).on('error', end).resume();

// With the parent goes the reader of our output; writing to nobody must not end us before the rows are on disk.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

// Ctrl-C and a closed terminal reach the whole process group. The parent still needs its storage then: it ends us when it is done.
const wait = () => {};
process.on('SIGHUP', wait);
process.on('SIGINT', wait);
process.on('newListener', (event, listener) => {
  if (event === 'SIGINT') {
    setImmediate(() => process.removeListener('SIGINT', listener));
  }
});

// The next one that wants this folder waits until we have written our rows.
if (!process.argv.includes('--inMemoryPersistence')) {
  fs.writeFileSync('azurite.pid', String(process.pid));
  process.on('exit', () => fs.rmSync('azurite.pid', { force: true }));
}

require('azurite/dist/src/azurite.js');
