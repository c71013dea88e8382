// Reads paths of IPFS through one gateway and tells status, length and SHA-256 of each, a line of JSON.
//   node --require ./shim.cjs fetch.mjs GATEWAY CID/PATH…
import { withHTTP } from '@helia/http'
import { createVerifiedFetch } from '@helia/verified-fetch'
import { createHeliaLight } from 'helia'

const [gateway, ...paths] = process.argv.slice(2)
// The router is the gateway too: it knows of no other providers, and Helia waits for ever where there is none to ask.
const helia = await withHTTP(createHeliaLight(), { delegatedRouters: [gateway], recursiveGateways: [gateway], allowInsecure: true, allowLocal: true })
setInterval(() => {}, 1000)
await helia.start()
const fetch = await createVerifiedFetch(helia)
for (const path of paths) {
  const answer = await fetch(`ipfs://${path}`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  console.log(JSON.stringify({ status: answer.status, length: bytes.length, digest }))
}
process.exit(0)
