using Ipdr.Oci.Car;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries;

/// <summary>Layouts, CARs and archives on the disk as one registry and one source of blocks. Nothing is imported; only what cannot be served as it is gets converted.</summary>
public sealed class ServedPlaces : IAsyncDisposable
{
    private readonly List<IRegistryContent> _contents = [];
    private readonly List<IBlockSource> _sources = [];
    private readonly List<Cid> _roots = [];
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<CarFile> _cars = [];
    private readonly List<(IRegistryContent Content, Func<CancellationToken, Task<Cid>> Root)> _named = [];
    private LayoutBlocks? _layouts;
    private DirectoryInfo? _converted;

    private ServedPlaces()
    {
    }

    /// <summary>All that the places have, by name. Where two give the same name it is the first one's.</summary>
    public IRegistryContent Content => new JoinedRegistry(_contents);

    /// <summary>All that the places have, by CID.</summary>
    public IBlockSource Blocks => new JoinedBlocks(_sources);

    /// <summary>The CIDs that the places have by themselves, as far as they are known yet: those of layouts are computed in the background.</summary>
    public IReadOnlyList<Cid> Roots => [.. _roots, .. _layouts?.Roots ?? []];

    /// <summary>The CID by which an image can be pulled that a place has under a name: that of the place, or of the repository's directory in it.</summary>
    /// <remarks>Waits for the CIDs of layouts.</remarks>
    /// <returns>Null if nothing has the name, or only an archive that is served in place, which has no CID.</returns>
    /// <exception cref="IpdrException">The place cannot be read.</exception>
    public async ValueTask<Cid?> FindCidAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        foreach ((IRegistryContent content, Func<CancellationToken, Task<Cid>> rootOf) in _named)
        {
            if (await content.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is null)
                continue;
            Cid root = await rootOf(cancellationToken).ConfigureAwait(false);
            DagRegistry dag = await DagRegistry.OpenAsync(root, Blocks, cancellationToken).ConfigureAwait(false);
            return await dag.FindRootAsync(repository, cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Opens places.</summary>
    /// <param name="places">Directories that are layouts, CARs, and archives as <c>docker save</c> and others write them.</param>
    /// <param name="tell">Is told in a sentence what has to be converted before it can be served; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">A place is none of them, or damaged.</exception>
    public static async Task<ServedPlaces> OpenAsync(IEnumerable<string> places, Action<string>? tell = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        ServedPlaces served = new();
        try
        {
            List<string> folders = [];
            foreach (string place in places.Select(place => Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))))
            {
                if (!File.Exists(place))
                    folders.Add(place);
                else if (await IsCarAsync(place, cancellationToken).ConfigureAwait(false))
                    await served.AddCarAsync(place, cancellationToken).ConfigureAwait(false);
                else
                    await served.AddArchiveAsync(place, tell, cancellationToken).ConfigureAwait(false);
            }
            served.AddLayouts(folders);
            return served;
        }
        catch
        {
            await served.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in _owned)
            await owned.DisposeAsync().ConfigureAwait(false);
        foreach (CarFile car in _cars)
            car.Dispose();
        _converted?.Delete(recursive: true);
    }

    private void AddLayouts(List<string> folders)
    {
        if (folders.Count == 0)
            return;
        _contents.Add(LayoutRegistry.Open(folders));
        _layouts = new LayoutBlocks(folders);
        foreach (string folder in folders)
            _named.Add((folders.Count == 1 ? _contents[^1] : LayoutRegistry.Open([folder]), cancellationToken => _layouts.FindRootAsync(folder, cancellationToken)));
        _owned.Add(_layouts);
        _sources.Add(_layouts);
    }

    private async Task AddCarAsync(string path, CancellationToken cancellationToken)
    {
        CarFile car = await CarFile.OpenAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        _cars.Add(car);
        _sources.Add(car);
        foreach (Cid root in car.Header.Roots.Distinct())
        {
            _roots.Add(root);
            try
            {
                _contents.Add(await NamedDag.OpenAsync(await DagRegistry.OpenAsync(root, car, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
                _named.Add((_contents[^1], _ => Task.FromResult(root)));
            }
            catch (IpdrException e) when (e.Fault.Code is FaultCode.NoImages or FaultCode.BadManifest or FaultCode.UnsupportedCodec)
            {
                // Blocks of something else than an image are still blocks that can be asked for.
            }
            catch (IpdrException e)
            {
                throw new IpdrException([.. e.Faults.Select(fault => fault.Within(path))], e);
            }
        }
    }

    private async Task AddArchiveAsync(string path, Action<string>? tell, CancellationToken cancellationToken)
    {
        if (await ArchiveLayout.TryOpenAsync(path, cancellationToken).ConfigureAwait(false) is { } layout)
        {
            _contents.Add(layout);
            return;
        }
        tell?.Invoke($"{path} has layers that are not compressed, or is compressed as a whole: it is converted into a temporary layout first");
        _converted ??= Directory.CreateTempSubdirectory("ipdr-serve-");
        string output = Path.Combine(_converted.FullName, _contents.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(path));
        ArchiveInput input = ArchiveInput.OfFile(path);
        await using (input.ConfigureAwait(false))
        {
            ConversionOptions options = new() { Layout = OperatingSystem.IsWindows() ? LayoutKind.Oci : LayoutKind.Universal };
            ConversionResult result = await Converter.ConvertAsync(input, output, options, null, cancellationToken).ConfigureAwait(false);
            DagBlocks blocks = new();
            blocks.Add(result.Dag!);
            _sources.Add(blocks);
            _roots.Add(result.Dag!.Root);
        }
        _contents.Add(LayoutRegistry.Open([output]));
        Cid converted = _roots[^1];
        _named.Add((_contents[^1], _ => Task.FromResult(converted)));
    }

    private static async Task<bool> IsCarAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                byte[] start = new byte[CarSniffer.PrefixLength];
                int length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return CarSniffer.LooksLikeCar(start.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Give the path of a layout, a CAR or an archive that you may read."), e);
        }
    }
}
