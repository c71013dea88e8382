// CARs by @ipld/car and Helia: a request a line on standard input, an answer a line on standard output.
//
//   { "unpack": FILE, "to": FOLDER }   { "roots": […], "blocks": […] }   imported whole, each block checked, the files written
//   { "pack": FOLDER, "to": FILE, "chunkSize": … }   { "roots": […] }   imported by Helia's rules and exported
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CarBlockIterator, CarReader } from '@ipld/car'
import * as dagPb from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import * as raw from 'multiformats/codecs/raw'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { candidates } from './candidates.mjs'

// Helia needs what Node.js has from version 22 on.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new Promise((...both) => { [resolve, reject] = both })
  return { promise, resolve, reject }
}
const { car } = await import('@helia/car')

const hashers = new Map([sha256, sha512].map(hasher => [hasher.code, hasher]))
const codecs = new Map([dagPb, raw].map(codec => [codec.code, codec]))
const silent = Object.assign(() => {}, { error () {}, trace () {} })

// As much of a node as its parts ask for: no network.
function node () {
  return {
    blockstore: new MemoryBlockstore(),
    getHasher: code => hashers.get(code),
    getCodec: code => codecs.get(code),
    logger: { forComponent: () => silent }
  }
}

async function writeTree (cid, blockstore, path) {
  const entry = await exporter(cid, blockstore)
  if (entry.type === 'directory') {
    await mkdir(path)
    for await (const child of entry.entries()) await writeTree(child.cid, blockstore, join(path, child.name))
  } else if (entry.unixfs?.type === 'symlink') {
    await symlink(new TextDecoder().decode(entry.unixfs.data), path)
  } else {
    await pipeline(Readable.from(entry.content()), createWriteStream(path))
  }
}

async function unpack (request) {
  const blocks = []
  for await (const { cid, bytes } of await CarBlockIterator.fromIterable(createReadStream(request.unpack))) {
    const { digest } = await hashers.get(cid.multihash.code).digest(bytes)
    if (Buffer.compare(digest, cid.multihash.digest) !== 0) throw new Error(`block ${cid} has another hash`)
    blocks.push(cid.toString())
  }
  const reader = await CarReader.fromIterable(createReadStream(request.unpack))
  const roots = await reader.getRoots()
  const helia = node()
  await car(helia).import(reader)
  await writeTree(roots[0], helia.blockstore, request.to)
  return { roots: roots.map(String), blocks }
}

async function pack (request) {
  const helia = node()
  let root
  for await (const entry of importer(candidates(request.pack, 'root'), helia.blockstore, { chunker: fixedSize({ chunkSize: request.chunkSize }) })) root = entry.cid
  await pipeline(Readable.from(car(helia).export(root)), createWriteStream(request.to))
  return { roots: [root.toString()] }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply
  try {
    const request = JSON.parse(line)
    reply = await (request.unpack !== undefined ? unpack(request) : pack(request))
  } catch (error) {
    reply = { error: String(error?.stack ?? error) }
  }
  console.log(JSON.stringify(reply))
}
