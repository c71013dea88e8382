namespace Ipdr.Server.Registry;

/// <summary>What a path under <c>/v2/</c> names.</summary>
internal enum RegistryResource
{
    /// <summary><c>/v2/</c></summary>
    Base,

    /// <summary><c>/v2/_catalog</c></summary>
    Catalog,

    /// <summary><c>/v2/NAME/tags/list</c></summary>
    Tags,

    /// <summary><c>/v2/NAME/manifests/REFERENCE</c></summary>
    Manifest,

    /// <summary><c>/v2/NAME/blobs/DIGEST</c></summary>
    Blob,

    /// <summary><c>/v2/NAME/blobs/uploads/</c></summary>
    Uploads,

    /// <summary><c>/v2/NAME/blobs/uploads/ID</c></summary>
    Upload,

    /// <summary><c>/v2/NAME/referrers/DIGEST</c></summary>
    Referrers,
}
