using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Where a view of a target keeps its content.</summary>
internal interface IBlobNames
{
    /// <summary>Where a manifest or index is.</summary>
    string OfManifest(Digest digest);

    /// <summary>Where anything else is.</summary>
    string OfBlob(Digest digest);
}
