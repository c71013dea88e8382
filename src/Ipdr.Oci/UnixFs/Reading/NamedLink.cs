using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>An entry of a directory.</summary>
/// <param name="Name">One part of a path.</param>
/// <param name="Cid">The top block of what has the name.</param>
internal readonly record struct NamedLink(string Name, Cid Cid);
