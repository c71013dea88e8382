using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs.Files;
using Ipdr.Oci.UnixFs.Importing;

namespace Ipdr.Oci.UnixFs;

/// <summary>Computes what importing a file or directory into IPFS gives, without IPFS.</summary>
/// <remarks>
/// Every byte is read once. Neither the order in which the file system lists names, nor the number of cores, nor how a stream cuts its reads has any
/// influence. Memory holds some chunks for each core and the names of the directories under way; see <see cref="ImportOptions.KeepBlocks"/>.
/// </remarks>
public static class UnixFsImporter
{
    /// <summary>Imports a file, a directory or a symbolic link, which is not followed.</summary>
    /// <exception cref="IpdrException">Something cannot be read, is neither, or changes while it is read.</exception>
    /// <exception cref="ArgumentException">The profile is inconsistent.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Dag> ImportAsync(string path, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(options);
        using TreeImport import = new(options, cancellationToken);
        return new Dag(await import.RunAsync(path).ConfigureAwait(false), options.Profile);
    }

    /// <summary>Imports a stream as a file. It is gone afterwards, so its blocks are not kept.</summary>
    /// <exception cref="ArgumentException">The profile is inconsistent, or asks for what a stream does not have, or the blocks shall be kept.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Dag> ImportAsync(Stream content, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        Check(options);
        if (options.KeepBlocks || options.Profile.PreserveMode || options.Profile.PreserveMtime)
            throw new ArgumentException("a stream is read once and has neither mode nor time", nameof(options));
        FileForm form = new(options.Profile);
        FileBuilder builder = new(form, keep: false);
        using StreamRunSource source = new(content, "-");
        await new FileHasher(form, options.DegreeOfParallelism).HashAsync(source, builder, cancellationToken).ConfigureAwait(false);
        return new Dag(builder.Finish(null, default), options.Profile);
    }

    private static void Check(ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Profile.IsConsistent)
            throw new ArgumentException("CIDs of version 0 have sha2-256 only", nameof(options));
    }
}
