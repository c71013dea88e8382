// Imports files and directories by ipfs-unixfs-importer: a request a line on standard input, an answer a line on standard output.
//
//   { "path": …, "cidVersion": 0 | 1, "rawLeaves": …, "chunkSize": …, "maxFileLinks": …, "hamtThreshold": …, "hamtEstimate": "links" | "block", "hamtFanout": … }
//   { "cid": …, "size": … }    the root, and the bytes of all its blocks, repeats counted
import { createInterface } from 'node:readline'
import { BlackHoleBlockstore } from 'blockstore-core'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { candidates } from './candidates.mjs'

async function answer (request) {
  let root
  for await (const entry of importer(candidates(request.path, 'root'), new BlackHoleBlockstore(), {
    cidVersion: request.cidVersion,
    rawLeaves: request.rawLeaves,
    chunker: fixedSize({ chunkSize: request.chunkSize }),
    layout: balanced({ maxChildrenPerNode: request.maxFileLinks }),
    shardSplitThresholdBytes: request.hamtThreshold,
    shardSplitStrategy: `${request.hamtEstimate === 'block' ? 'block' : 'links'}-bytes`,
    shardFanoutBits: Math.log2(request.hamtFanout)
  })) root = entry
  return { cid: root.cid.toString(), size: Number(root.size) }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply
  try {
    reply = await answer(JSON.parse(line))
  } catch (error) {
    reply = { error: String(error?.stack ?? error) }
  }
  console.log(JSON.stringify(reply))
}
