using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Resolution;

/// <summary>A directory of names on the disk, as IPDR keeps it: <c>REPOSITORY/TAG</c> is a file that holds a CID.</summary>
/// <param name="root">The directory; it may come later.</param>
public sealed class FolderResolver(string root) : ICidResolver
{
    // Hidden from readers: a tag never starts with a dot.
    private const string StagingPrefix = ".cid-";

    /// <inheritdoc/>
    public async ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        string path = PathOf(repository, tag);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                byte[] content = new byte[CidText.MaxBytes + 1];
                int length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return CidText.Read(content.AsSpan(0, length), path);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            // A repository may be called as a tag of the one above it is.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Check the rights on the directory of names."), e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default)
    {
        string folder = Path.Combine(root, repository.ToString());
        try
        {
            return new([.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Where(name => Tag.TryParse(name, null, out _))
                .Order(StringComparer.Ordinal).Select(name => Tag.Parse(name))]);
        }
        catch (DirectoryNotFoundException)
        {
            return new([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), folder, "Check the rights on the directory of names."), e);
        }
    }

    /// <summary>Writes a name down, or moves it to another CID. Readers see the old one or the new one.</summary>
    /// <exception cref="IpdrException">The directory may not be written, or its volume is full.</exception>
    public async Task RememberAsync(RepositoryName repository, Tag tag, Cid cid, CancellationToken cancellationToken = default)
    {
        string path = PathOf(repository, tag), folder = Path.GetDirectoryName(path)!;
        string staged = Path.Combine(folder, $"{StagingPrefix}{Guid.NewGuid():n}");
        DestinationIo.Guard(folder, () => Directory.CreateDirectory(folder));
        try
        {
            FileStream file = DestinationIo.Guard(staged, () => new FileStream(staged, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous));
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(cid + "\n"), cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            DestinationIo.Guard(path, () => File.Move(staged, path, overwrite: true));
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain(staged, e);
        }
        finally
        {
            File.Delete(staged);
        }
    }

    /// <summary>Takes a name away; one that is not there is no failure.</summary>
    public void Forget(RepositoryName repository, Tag tag)
    {
        string path = PathOf(repository, tag);
        if (File.Exists(path))
            DestinationIo.Guard(path, () => File.Delete(path));
    }

    // Neither part can climb: both begin with a letter, a digit or an underscore, and names have no empty parts.
    private string PathOf(RepositoryName repository, Tag tag) => Path.Combine(root, repository.ToString(), tag.ToString());
}
