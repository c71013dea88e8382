namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A line of <c>dag/import</c>.</summary>
internal sealed record KuboImport(KuboImportedRoot? Root);
