// An IPFS daemon with its RPC API and nothing else: no network, no other peers.
//   node daemon.mjs REPOSITORY   prints the API's address, and ends with its standard input
// Needs what Node.js has from version 22 on.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new Promise((...both) => { [resolve, reject] = both })
  return { promise, resolve, reject }
}
const { create } = await import('ipfs-core')
const { HttpApi } = await import('ipfs-http-server')
const ipfs = await create({
  repo: process.argv[2],
  offline: true,
  silent: true,
  init: { algorithm: 'Ed25519', emptyRepo: true },
  preload: { enabled: false },
  config: {
    Addresses: { Swarm: [], API: '/ip4/127.0.0.1/tcp/0', Gateway: '', Delegates: [] },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } }
  }
})
const api = new HttpApi(ipfs)
await api.start()
console.log(api._apiServers[0].info.uri)
process.stdin.on('end', async () => {
  await api.stop()
  await ipfs.stop()
  process.exit(0)
})
process.stdin.resume()
