namespace Ipdr.Oci.Layouts;

/// <summary>The directory forms that are written.</summary>
public enum LayoutKind
{
    /// <summary>An OCI image layout (image-spec, image-layout.md).</summary>
    Oci,

    /// <summary><c>NAME/manifests/…</c> and <c>NAME/blobs/…</c>: under <c>/v2/</c> of a static host it is a registry.</summary>
    RegistryV2,

    /// <summary>An OCI image layout and the <c>manifests</c> and <c>blobs</c> of one repository in the same directory.</summary>
    Universal,
}
