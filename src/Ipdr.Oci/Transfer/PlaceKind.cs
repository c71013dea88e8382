namespace Ipdr.Oci.Transfer;

/// <summary>What kind of place images are in.</summary>
public enum PlaceKind
{
    /// <summary>An archive of any kind, told by its content.</summary>
    Archive,

    /// <summary>An archive as <c>docker save</c> writes it.</summary>
    DockerArchive,

    /// <summary>A tar of an OCI image layout.</summary>
    OciArchive,

    /// <summary>An OCI image layout.</summary>
    Oci,

    /// <summary>A folder of repositories, as a registry has them.</summary>
    RegistryV2,

    /// <summary>A folder that is both.</summary>
    Universal,

    /// <summary>A container engine.</summary>
    DockerDaemon,

    /// <summary>A registry.</summary>
    Registry,

    /// <summary>The embedded store.</summary>
    Store,

    /// <summary>IPFS.</summary>
    Ipfs,

    /// <summary>An archive of blocks.</summary>
    Car,

    /// <summary>A folder of skopeo's <c>dir:</c> transport: one image without a name.</summary>
    SkopeoFolder,
}
