using System.Text.Json;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>The members that tell a manifest from an index.</summary>
/// <param name="MediaType">The document's own type.</param>
/// <param name="Manifests">There only in an index.</param>
internal sealed record ManifestProbe(MediaType? MediaType = null, JsonElement Manifests = default);
