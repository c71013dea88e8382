using Ipdr.Oci.Conversion;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Sources;

/// <summary>Opens images of a container engine as sources. The export is converted while it comes; no archive is written.</summary>
internal static class EngineSource
{
    /// <summary>Opens an image. The caller disposes of the source; the client stays the caller's and may be closed then.</summary>
    /// <param name="client">The engine.</param>
    /// <param name="name">A name, an ID, or the beginning of one.</param>
    /// <param name="work">Makes a folder to work in.</param>
    /// <param name="conversion">How the export is converted.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The engine has no such image, or fails.</exception>
    public static async Task<IImageSource> OpenAsync(EngineClient client, string name, Func<StagingFolder> work, ConversionOptions conversion, IContentObserver? observer, CancellationToken cancellationToken)
    {
        string exact = await ResolveAsync(client, name, cancellationToken).ConfigureAwait(false);
        string place = $"docker-daemon:{name}";
        Stream export = await client.ExportAsync(exact, cancellationToken).ConfigureAwait(false);
        await using (export.ConfigureAwait(false))
            return await ArchiveSources.OpenAsync(ArchiveInput.OfStream(export, place), ArchiveForm.Docker, null, place, work, conversion, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What to ask an export for: a name without a tag would give all tags of the repository.</summary>
    /// <exception cref="IpdrException">The engine has no such image; <see cref="FaultCode.NotFound"/>.</exception>
    public static async Task<string> ResolveAsync(EngineClient client, string name, CancellationToken cancellationToken)
    {
        EngineImage image = await client.FindImageAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new IpdrException(new Fault(FaultCode.NotFound, $"the engine has no image {name}", client.Endpoint.Text, "See docker image ls."));
        bool isName = ImageReference.TryParse(name, null, out ImageReference? reference)
            && !image.Id.StartsWith(name, StringComparison.Ordinal) && !image.Id.StartsWith("sha256:" + name, StringComparison.Ordinal);
        return isName && reference is { Tag: null, Digest: null } ? $"{name}:latest" : name;
    }
}
