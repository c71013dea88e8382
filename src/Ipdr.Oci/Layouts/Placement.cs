using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Layouts;

/// <summary>One file of a layout.</summary>
/// <param name="Path">Where it stands, relative to the layout, with slashes.</param>
/// <param name="Content">The blob or manifest whose bytes it has. The first placement of a digest moves the bytes, the others link to it.</param>
internal readonly record struct Placement(string Path, Digest Content);
