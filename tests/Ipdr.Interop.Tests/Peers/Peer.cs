namespace Ipdr.Interop.Tests.Peers;

/// <summary>Programs that read what ipdr writes.</summary>
internal enum Peer
{
    Skopeo,
    UmociStat,
    UmociUnpack,
    OciImageTool,
    Podman,
}
