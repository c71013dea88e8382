namespace Ipdr.Interop.Tests.Layouts;

/// <summary>What a layout has that not every tool can take.</summary>
[Flags]
internal enum LayoutTraits
{
    None = 0,
    Zstd = 1 << 0,
    Sha512 = 1 << 1,
    Blake3 = 1 << 2,
    Artifact = 1 << 3,
    Attestation = 1 << 4,
    DockerTypes = 1 << 5,
    NestedIndex = 1 << 6,
    UnknownDocument = 1 << 7,
    AbsentBlobs = 1 << 8,
    NoLayers = 1 << 9,
    EmptyPlatform = 1 << 10,
    ForeignLayers = 1 << 11,
}
