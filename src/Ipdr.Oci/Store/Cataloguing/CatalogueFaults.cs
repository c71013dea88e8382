using Ipdr.Oci.Faults;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>Turns what SQLite says into faults that say what to do.</summary>
internal static class CatalogueFaults
{
    // Primary result codes: sqlite.org/rescode.html.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int NoRoomToShare = IoError | (19 << 8);  // SQLITE_IOERR_SHMSIZE

    /// <summary>Whether SQLite could not open or change the file for lack of rights, or because its volume is mounted for reading only.</summary>
    public static bool IsRefusalToWrite(SqliteException e) => e.SqliteErrorCode is ReadOnly or CannotOpen;

    /// <summary>Says what SQLite says.</summary>
    /// <param name="e">Its words.</param>
    /// <param name="path">The catalogue.</param>
    /// <param name="readOnly">How the file was, where it can only be read; null where it was opened for writing.</param>
    public static IpdrException Explain(SqliteException e, string path, CatalogueState? readOnly) => new(e.SqliteErrorCode switch
    {
        ReadOnly or CannotOpen when readOnly is { HasLog: true } => new Fault(
            FaultCode.Io, "the last changes of the catalogue are still in its log, which cannot be read without leave to write", path,
            "Run ipdr list once where the store may be written, or on a copy of its folder: that brings them into the catalogue."),
        ReadOnly or CannotOpen when readOnly is not null => new Fault(FaultCode.Io, "the catalogue may not be read", path, "Check the rights on it and on its folder, or name another store with IPDR_HOME."),
        // On a volume without a free page there is no room for the index of the log, without which nobody reads.
        IoError when e.SqliteExtendedErrorCode == NoRoomToShare => new Fault(
            FaultCode.DiskFull, "no space is left on the volume of the store", path, "Free some space: as soon as a few hundred KiB are free, ipdr gc can free more."),
        Full => new Fault(FaultCode.DiskFull, "no space is left on the volume of the store", path, "Free some space, or run ipdr gc; nothing half-written is visible."),
        Busy or Locked => new Fault(FaultCode.InUse, "the catalogue is locked by another process", path, "Wait until it has finished, then try again."),
        ReadOnly or CannotOpen => new Fault(FaultCode.Io, "the catalogue cannot be opened for writing", path, "Check the rights on the folder, or name another one with IPDR_HOME."),
        Corrupt or NotADatabase => DamageOf(path),
        IoError => new Fault(FaultCode.Io, "the catalogue cannot be read or written", path, "Check the volume of the store."),
        _ => new Fault(FaultCode.StoreDamaged, e.Message, path, "Report this: the catalogue and this ipdr do not fit together."),
    }, e);

    public static IpdrException Damaged(string path) => new(DamageOf(path));

    private static Fault DamageOf(string path) =>
        new(FaultCode.StoreDamaged, "the catalogue is damaged", path, "Restore it from a copy, or push the images again to a new store; the blobs are plain files and still there.");

    public static IpdrException ReadOnlyHere(string path) => new(new Fault(
        FaultCode.Io, "the store can only be read here: its volume is mounted so, or the rights on it allow no more", path, "Get the right to write it, or name another store with IPDR_HOME."));

    public static IpdrException Restless(string path) => new(new Fault(
        FaultCode.InUse, "another process changes the catalogue again and again, and it cannot be locked here", path, "Try again, or get the right to write it."));

    public static IpdrException TooOld(int found, int known, string path) => new(new Fault(
        FaultCode.UnsupportedVersion, "the store was written by an older ipdr, and can only be read here", path, "Run ipdr list once where the store may be written, or on a copy of its folder.")
    {
        Expected = $"catalogue version {known}",
        Actual = $"{found}",
    });

    public static IpdrException TooNew(int found, int known, string path) => new(new Fault(
        FaultCode.UnsupportedVersion, "the store was written by a newer ipdr", path, "Use that ipdr, or another store (IPDR_HOME).")
    {
        Expected = $"catalogue version {known} or older",
        Actual = $"{found}",
    });
}
