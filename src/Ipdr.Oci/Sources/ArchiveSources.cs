using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Sources;

/// <summary>Opens archives as sources.</summary>
/// <remarks>
/// A plain tar file of an OCI layout is read in place. Any other is brought in first, in one pass: a Docker archive is converted into a
/// folder that goes with the source, a compressed or piped OCI archive becomes a plain tar file there.
/// </remarks>
internal static class ArchiveSources
{
    private const int CopyBytes = 256 << 10;

    /// <summary>Opens an archive. The caller disposes of the source, which from here on owns the input.</summary>
    /// <param name="input">The archive.</param>
    /// <param name="form">What it is said to be.</param>
    /// <param name="reference">Which image is meant; null for all.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="work">Makes a folder to work in.</param>
    /// <param name="conversion">How an archive is converted that has to be.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind then.</param>
    /// <exception cref="IpdrException">The archive is broken, or there is no room.</exception>
    public static async Task<IImageSource> OpenAsync(
        ArchiveInput input, ArchiveForm form, string? reference, string place, Func<StagingFolder> work, ConversionOptions conversion, IContentObserver? observer, CancellationToken cancellationToken)
    {
        ArchiveInput? open = input;
        try
        {
            if (form != ArchiveForm.Docker && input.File is not null && await ScanAsync(input, cancellationToken).ConfigureAwait(false) is { } contents
                && contents.Contains(WellKnown.Index) && (form == ArchiveForm.Oci || !contents.Contains(WellKnown.DockerManifest)))
            {
                open = null;
                return new OciArchiveSource(input, contents, reference, place, null);
            }
            return form == ArchiveForm.Oci
                ? await SpoolAsync(input, reference, place, work(), cancellationToken).ConfigureAwait(false)
                : await ConvertAsync(input, reference, place, work(), conversion, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (!e.Fault.Where.StartsWith(place, StringComparison.Ordinal) && e.Fault.Code is not (FaultCode.Io or FaultCode.DiskFull))
        {
            throw new IpdrException([.. e.Faults.Select(fault => fault.Within(place))], e);
        }
        finally
        {
            if (open is not null)
                await open.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Null when the archive as a whole is compressed. Leaves the file as it was.
    private static async Task<ArchiveContents?> ScanAsync(ArchiveInput input, CancellationToken cancellationToken)
    {
        using ArchiveWalk walk = new(input, new ArchiveLimits());
        await walk.OpenAsync(cancellationToken).ConfigureAwait(false);
        ArchiveContents? contents = walk.IsInPlace ? await walk.ScanAsync(new SkippingSink(), cancellationToken).ConfigureAwait(false) : null;
        input.File!.Position = 0;
        return contents;
    }

    private static async Task<IImageSource> ConvertAsync(
        ArchiveInput input, string? reference, string place, StagingFolder folder, ConversionOptions conversion, IContentObserver? observer, CancellationToken cancellationToken) =>
        await ConvertedSource.OpenAsync(
            (target, options) => Converter.ConvertAsync(input, target, options, observer, cancellationToken), conversion, folder, reference, place).ConfigureAwait(false);

    private static async Task<IImageSource> SpoolAsync(ArchiveInput input, string? reference, string place, StagingFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            using StagedFile file = folder.NewFile();
            await CopyPlainAsync(input, file, cancellationToken).ConfigureAwait(false);
            ArchiveInput plain = ArchiveInput.OfFile(file.Path);
            return new OciArchiveSource(plain, (await ScanAsync(plain, cancellationToken).ConfigureAwait(false))!, reference, place, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task CopyPlainAsync(ArchiveInput input, StagedFile file, CancellationToken cancellationToken)
    {
        PeekedStream stored = new(input.Stream);
        await using (stored.ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> start = await stored.PeekAsync(CompressionDetector.PrefixLength, cancellationToken).ConfigureAwait(false);
            DecompressionStream plain = Decompression.Open(stored, CompressionDetector.Detect(start.Span));
            await using (plain.ConfigureAwait(false))
                await plain.CopyToAsync(new StagedFileStream(file), CopyBytes, cancellationToken).ConfigureAwait(false);
        }
    }
}
