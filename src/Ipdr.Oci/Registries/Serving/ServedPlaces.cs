using Ipdr.Oci.Car;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Serving;

/// <summary>Layouts, CARs and archives on the disk as one registry and one source of blocks. Nothing is imported; only what cannot be served as it is gets converted.</summary>
public sealed class ServedPlaces : IAsyncDisposable
{
    private readonly List<IRegistryContent> _contents = [];
    private readonly List<IBlockSource> _sources = [];
    private readonly List<CarFile> _cars = [];
    private readonly List<ServedImages> _images = [];
    private readonly List<PlaceDag> _unread = [];
    private PlaceBlocks? _read;
    private DirectoryInfo? _converted;

    private ServedPlaces()
    {
    }

    /// <summary>All that the places have, by name. Where two give the same name it is the first one's.</summary>
    public IRegistryContent Content => new JoinedRegistry(_contents);

    /// <summary>All that the places have, by CID.</summary>
    public IBlockSource Blocks => new JoinedBlocks(_sources);

    /// <summary>The CID by which an image can be pulled that a place has under a name: that of the place, or of the repository's directory in it.</summary>
    /// <remarks>Waits for the CIDs of layouts and archives.</remarks>
    /// <returns>Null if nothing has the name, or only a place without a CID.</returns>
    /// <exception cref="IpdrException">The place cannot be read.</exception>
    public ValueTask<Cid?> FindCidAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default) =>
        FindRootAsync(repository, tag, wait: true, cancellationToken);

    /// <summary>As <see cref="FindCidAsync"/>, but null while the CID is still being computed.</summary>
    /// <exception cref="IpdrException">The place cannot be read.</exception>
    public ValueTask<Cid?> FindKnownCidAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default) =>
        FindRootAsync(repository, tag, wait: false, cancellationToken);

    /// <summary>Opens places.</summary>
    /// <param name="places">Directories that are layouts, CARs, and archives as <c>docker save</c> and others write them.</param>
    /// <param name="tell">Is told in a sentence what has to be converted before it can be served, and later what has no CID, and why; may be null.</param>
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
            served.BeginReading(tell);
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
        if (_read is not null)
            await _read.DisposeAsync().ConfigureAwait(false);
        foreach (CarFile car in _cars)
            car.Dispose();
        _converted?.Delete(recursive: true);
    }

    private async ValueTask<Cid?> FindRootAsync(RepositoryName repository, Tag tag, bool wait, CancellationToken cancellationToken)
    {
        foreach (ServedImages images in _images)
        {
            if (await images.HasAsync(repository, tag, cancellationToken).ConfigureAwait(false))
                return await images.FindCidAsync(repository, Blocks, wait, cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    private void AddLayouts(List<string> folders)
    {
        if (folders.Count == 0)
            return;
        _contents.Add(LayoutRegistry.Open(folders));
        foreach (string folder in folders)
            AddUnread(folders.Count == 1 ? _contents[^1] : LayoutRegistry.Open([folder]), new PlaceDag(folder, async ending => await LayoutDag.ReadAsync(folder, UnixFsProfile.V1, ending).ConfigureAwait(false)));
    }

    private void AddUnread(IRegistryContent content, PlaceDag dag)
    {
        _unread.Add(dag);
        Add(content, dag.Root);
    }

    private void Add(IRegistryContent content, Task<Cid?> root) => _images.Add(new ServedImages(content, root));

    private void BeginReading(Action<string>? tell)
    {
        if (_unread.Count == 0)
            return;
        _read = new PlaceBlocks(_unread, tell);
        _sources.Add(_read);
    }

    private async Task AddCarAsync(string path, CancellationToken cancellationToken)
    {
        CarFile car = await CarFile.OpenAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        _cars.Add(car);
        _sources.Add(car);
        foreach (Cid root in car.Header.Roots.Distinct())
        {
            try
            {
                _contents.Add(await NamedDag.OpenAsync(await DagRegistry.OpenAsync(root, car, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
                Add(_contents[^1], Task.FromResult<Cid?>(root));
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

    private static DirectoryInfo NewTemporaryFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("ipdr-serve-");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "no temporary folder can be made there", Path.GetTempPath(), "Set TMPDIR to a folder that you may write to, or convert the archive first."), e);
        }
    }

    private async Task AddArchiveAsync(string path, Action<string>? tell, CancellationToken cancellationToken)
    {
        if (await ArchiveLayout.TryOpenAsync(path, cancellationToken).ConfigureAwait(false) is { } archive)
        {
            _contents.Add(archive.Content);
            AddUnread(archive.Content, new PlaceDag(path, archive.ReadDagAsync));
            return;
        }
        tell?.Invoke($"{path} has layers that are not compressed, or is compressed as a whole: it is converted into a temporary layout first");
        _converted ??= NewTemporaryFolder();
        string output = Path.Combine(_converted.FullName, _contents.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(path));
        ArchiveInput input = ArchiveInput.OfFile(path);
        Cid root;
        await using (input.ConfigureAwait(false))
        {
            ConversionOptions options = new() { Layout = OperatingSystem.IsWindows() ? LayoutKind.Oci : LayoutKind.Universal };
            ConversionResult result = await Converter.ConvertAsync(input, output, options, null, cancellationToken).ConfigureAwait(false);
            DagBlocks blocks = new();
            blocks.Add(result.Dag!);
            _sources.Add(blocks);
            root = result.Dag!.Root;
        }
        _contents.Add(LayoutRegistry.Open([output]));
        Add(_contents[^1], Task.FromResult<Cid?>(root));
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
