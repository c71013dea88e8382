using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Cli.Inputs;

/// <summary>A CAR as it is named on the command line. What comes through a pipe is kept in a temporary file: a DAG is read in its own order.</summary>
internal sealed class CarInput : IDisposable
{
    private const int CopyBufferSize = 1 << 20;

    private readonly string? _temporary;

    private CarInput(string name, string path, string? temporary)
    {
        Name = name;
        Path = path;
        _temporary = temporary;
    }

    /// <summary>What people know it by.</summary>
    public string Name { get; }

    /// <summary>Where it can be read.</summary>
    public string Path { get; }

    /// <summary>Takes a file, or all of standard input. The caller disposes of it.</summary>
    public static async Task<CarInput> OpenAsync(string source, CancellationToken cancellationToken)
    {
        if (source != ArchiveSource.StandardInput)
            return new CarInput(source, source, temporary: null);
        string folder = NewTemporaryFolder(), path = System.IO.Path.Combine(folder, "stdin.car");
        CarInput spooled = new("standard input", path, folder);
        try
        {
            await SpoolAsync(path, cancellationToken).ConfigureAwait(false);
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    private static string NewTemporaryFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("ipdr-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "no temporary folder can be made there", System.IO.Path.GetTempPath(), "Set TMPDIR to a folder that you may write to, or give the CAR as a file."), e);
        }
    }

    /// <summary>Opens the CAR. The caller disposes of it.</summary>
    /// <exception cref="IpdrException">It is none, or damaged.</exception>
    public async Task<CarFile> OpenFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CarFile.OpenAsync(Path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (CarFormatException e)
        {
            throw new IpdrException(e.Fault.Within(Name), e);
        }
    }

    /// <summary>What is meant in a CAR: what was asked for, else its one root.</summary>
    /// <exception cref="IpdrException">It names no root, or several.</exception>
    public ContentPath Choose(ContentPath? wanted, CarHeader header)
    {
        if (wanted is not null)
            return wanted;
        if (header.Roots.Distinct().ToArray() is [Cid root])
            return ContentPath.Of(root);
        throw new IpdrException(new Fault(
            FaultCode.MissingBlock,
            header.Roots.Count == 0 ? "the CAR names no root, so it does not say what it is for" : $"the CAR names {header.Roots.Count} roots",
            Name,
            "Say which CID is meant with --root."));
    }

    public void Dispose()
    {
        if (_temporary is not null)
            Directory.Delete(_temporary, recursive: true);
    }

    private static async Task SpoolAsync(string path, CancellationToken cancellationToken)
    {
        StandardInputStream input = new();
        await using (input.ConfigureAwait(false))
        {
            try
            {
                FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
                await using (file.ConfigureAwait(false))
                    await input.CopyToAsync(file, CopyBufferSize, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Free some space there, set TMPDIR to another place, or give the CAR as a file."), e);
            }
        }
    }
}
