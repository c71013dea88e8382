using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Archives;

/// <summary>Tells what kind of archive it is and reads it in every way that it offers.</summary>
internal static class ArchiveViews
{
    private static readonly string[] RootFileSystemFolders = ["bin", "etc", "usr", "var", "lib", "root", "home"];

    /// <summary>The reading by <c>manifest.json</c> and the reading by <c>index.json</c>; at least one.</summary>
    /// <exception cref="IpdrException">It is no image archive; the message says what it seems to be.</exception>
    public static (ArchiveView? Docker, ArchiveView? Oci) Read(ArchiveContents contents, ArchiveLimits limits)
    {
        bool docker = contents.Contains(WellKnown.DockerManifest), oci = contents.Contains(WellKnown.Index);
        if (contents is { Members.Count: 0, End: TarEnd.NoEndBlocks })
            throw new IpdrException(new Fault(FaultCode.NotAnArchive, "there is not a single byte", "", "Save the image again; the program that should have written it failed."));
        if (!docker && !oci)
            throw new IpdrException(contents.End == TarEnd.NoEndBlocks ? CutOff() : NoImage([.. contents.Members.Select(member => member.Path.ToString())]));
        return (docker ? DockerView.Read(contents) : null, oci ? OciView.Read(contents, limits) : null);
    }

    // Saves of every Docker look like those before 1.10 until manifest.json comes.
    private static Fault CutOff() => new(
        FaultCode.MissingManifest, "it ends between two members, without end blocks, and neither manifest.json nor index.json came: it was cut off", "", "Save the image again, or fetch all of the archive.");

    /// <summary>What an archive without either document seems to be, by the names of its members.</summary>
    public static Fault NoImage(IReadOnlyCollection<string> names)
    {
        if (names.Contains(WellKnown.LayoutMarker))
            return new Fault(FaultCode.MissingIndex, "it has the marker of an OCI layout but no index", WellKnown.Index, "Write the layout again; this one is incomplete.");
        if (names.Contains(WellKnown.Repositories) || names.Any(IsV1Config))
            return new Fault(FaultCode.UnsupportedV1, "the archive was written by Docker before 1.10 (no manifest.json), which is not supported", "", "Load it into Docker 1.10 to 28 and save it again.");
        if (names.Any(name => RootFileSystemFolders.Contains(name.Split('/')[0])))
            return new Fault(FaultCode.MissingManifest, "it is a file system, not an image: docker export or a root tar", "", "Save the image with docker save, or make an image of it with docker import.");
        return names.Count == 0
            ? new Fault(FaultCode.MissingManifest, "the archive is empty", "", "Save the image again.")
            : new Fault(FaultCode.MissingManifest, "it has neither manifest.json nor index.json, so it holds no image", "", "Save the image with docker save; if this was one, it was cut off before its end.");
    }

    private static bool IsV1Config(string name) => name.Split('/') is [{ Length: 64 } id, "json"] && id.All(char.IsAsciiHexDigitLower);
}
