namespace Ipdr.Oci.Verification;

/// <summary>What a target is said to be.</summary>
public enum TargetForm
{
    /// <summary>Whatever its content shows.</summary>
    Any,

    /// <summary>A folder with an OCI image layout; a universal one as well.</summary>
    Oci,

    /// <summary>An archive of an OCI image layout.</summary>
    OciArchive,

    /// <summary>An archive as <c>docker save</c> writes it.</summary>
    DockerArchive,

    /// <summary>A folder with the repositories of a registry.</summary>
    RegistryV2,

    /// <summary>A CAR of a layout.</summary>
    Car,

    /// <summary>A folder as skopeo's <c>dir:</c> transport writes it.</summary>
    SkopeoFolder,

    /// <summary>The embedded store, or one image of it.</summary>
    Store,

    /// <summary>A place that is asked for images, such as a registry.</summary>
    Source,
}
