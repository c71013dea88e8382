namespace Ipdr.Oci.Verification.Files;

/// <summary>What a name in a target stands for.</summary>
internal enum TargetFileKind
{
    /// <summary>A file with content.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A link; links are followed in archives only, and only inside.</summary>
    Link,

    /// <summary>Anything else: FIFO, device, socket, folder that cannot be listed.</summary>
    Special,
}
