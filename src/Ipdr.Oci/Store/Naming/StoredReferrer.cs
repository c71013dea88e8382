using Ipdr.Oci.Digests;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Store.Naming;

/// <summary>A manifest of the store that goes with an image, because it refers to it or to a part of it.</summary>
/// <param name="Manifest">Its digest.</param>
/// <param name="Tag">Its tag, where that is what says so; null where its own <c>subject</c> does.</param>
internal readonly record struct StoredReferrer(Digest Manifest, Tag? Tag);
