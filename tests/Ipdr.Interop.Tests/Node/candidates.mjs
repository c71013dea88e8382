// A folder as ipfs-unixfs-importer takes it.
import { createReadStream } from 'node:fs'
import { lstat, opendir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

// The importer takes what has neither content nor link for a directory.
export async function * candidates (path, name) {
  const status = await lstat(path)
  if (status.isSymbolicLink()) {
    yield { path: name, link: await readlink(path) }
  } else if (status.isDirectory()) {
    yield { path: name }
    for await (const entry of await opendir(path)) yield * candidates(join(path, entry.name), `${name}/${entry.name}`)
  } else {
    yield { path: name, content: createReadStream(path, { highWaterMark: 1 << 20 }) }
  }
}
