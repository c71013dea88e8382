using Ipdr.Interop.Tests.Layouts;

namespace Ipdr.Interop.Tests.Peers;

/// <summary>What the peers of this machine (Debian 12) are known not to take, whoever wrote it.</summary>
/// <remarks>
/// Found by giving them layouts that skopeo, umoci and others wrote. A limit excuses a refusal and nothing else:
/// the peer is asked all the same, and where a newer one accepts, the test passes.
/// </remarks>
internal static class PeerLimits
{
    private static readonly (Peer Peer, LayoutTraits Trait, string Reason)[] Known =
    [
        (Peer.Skopeo, LayoutTraits.Sha512, "skopeo 1.9 copies a sha512 blob to a name made of sha256, and then finds them different"),
        (Peer.Skopeo, LayoutTraits.Blake3, "skopeo 1.9 does not know blake3"),
        (Peer.Skopeo, LayoutTraits.NestedIndex, "skopeo 1.9 --all does not follow an index inside an index"),
        (Peer.Skopeo, LayoutTraits.AbsentBlobs, "skopeo 1.9 --all wants the blobs of all platforms, also of those that were never pulled"),
        (Peer.Skopeo, LayoutTraits.DockerTypes, "skopeo 1.9 finds only OCI manifests in an OCI layout"),
        (Peer.Skopeo, LayoutTraits.UnknownDocument, "skopeo 1.9 finds only manifests and indexes in an OCI layout"),
        (Peer.UmociStat, LayoutTraits.Sha512, "umoci 0.4.7 does not read sha512 blobs"),
        (Peer.UmociStat, LayoutTraits.Blake3, "umoci 0.4.7 does not know blake3"),
        (Peer.UmociStat, LayoutTraits.DockerTypes, "umoci 0.4.7 knows only OCI media types"),
        (Peer.UmociUnpack, LayoutTraits.Sha512, "umoci 0.4.7 does not read sha512 blobs"),
        (Peer.UmociUnpack, LayoutTraits.Blake3, "umoci 0.4.7 does not know blake3"),
        (Peer.UmociUnpack, LayoutTraits.DockerTypes, "umoci 0.4.7 knows only OCI media types"),
        (Peer.UmociUnpack, LayoutTraits.Zstd, "umoci 0.4.7 does not unpack zstd layers"),
        (Peer.UmociUnpack, LayoutTraits.ForeignLayers, "umoci 0.4.7 cannot unpack a layer that is elsewhere"),
        (Peer.OciImageTool, LayoutTraits.Zstd, "oci-image-tool 1.0.0-rc1 is older than zstd layers"),
        (Peer.OciImageTool, LayoutTraits.Blake3, "oci-image-tool 1.0.0-rc1 does not know blake3"),
        (Peer.OciImageTool, LayoutTraits.DockerTypes, "oci-image-tool 1.0.0-rc1 knows only OCI media types"),
        (Peer.OciImageTool, LayoutTraits.NestedIndex, "oci-image-tool 1.0.0-rc1 refuses an index inside an index"),
        (Peer.OciImageTool, LayoutTraits.Artifact, "oci-image-tool 1.0.0-rc1 is older than artifacts"),
        (Peer.OciImageTool, LayoutTraits.Attestation, "oci-image-tool 1.0.0-rc1 is older than attestations"),
        (Peer.OciImageTool, LayoutTraits.AbsentBlobs, "oci-image-tool 1.0.0-rc1 wants the blobs of all platforms, also of those that were never pulled"),
        (Peer.OciImageTool, LayoutTraits.NoLayers, "oci-image-tool 1.0.0-rc1 has the schema that asks for one layer at least"),
        (Peer.OciImageTool, LayoutTraits.EmptyPlatform, "oci-image-tool 1.0.0-rc1 has the schema that asks for os and architecture of a platform"),
        (Peer.Podman, LayoutTraits.Sha512, "podman 4.3 copies a sha512 blob to a name made of sha256, and then finds them different"),
        (Peer.Podman, LayoutTraits.Blake3, "podman 4.3 does not know blake3"),
        (Peer.Podman, LayoutTraits.ForeignLayers, "podman 4.3 on Linux does not load images of other systems whose layers are elsewhere"),
    ];

    /// <summary>Why the peer may refuse what has these traits, or null.</summary>
    public static string? ReasonFor(Peer peer, LayoutTraits traits) =>
        Known.Where(limit => limit.Peer == peer && traits.HasFlag(limit.Trait)).Select(limit => limit.Reason).FirstOrDefault();
}
