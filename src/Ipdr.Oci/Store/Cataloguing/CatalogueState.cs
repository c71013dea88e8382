namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>What the file system tells of the catalogue: while it stays the same, nobody has written.</summary>
/// <param name="Length">Bytes of the file itself.</param>
/// <param name="Changed">When the file was written last.</param>
/// <param name="HasLog">Whether there are changes that are not in the file itself yet, but in SQLite's log beside it.</param>
internal readonly record struct CatalogueState(long Length, DateTime Changed, bool HasLog)
{
    /// <summary>Looks at the files.</summary>
    public static CatalogueState Of(string path)
    {
        FileInfo file = new(path);
        return new CatalogueState(file.Exists ? file.Length : 0, file.LastWriteTimeUtc, new FileInfo(LogOf(path)) is { Exists: true, Length: > 0 });
    }

    /// <summary>Where SQLite keeps the log of a catalogue.</summary>
    public static string LogOf(string path) => path + "-wal";
}
