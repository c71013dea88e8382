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

    public static IpdrException Explain(SqliteException e, string path) => new(e.SqliteErrorCode switch
    {
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

    public static IpdrException TooNew(int found, int known, string path) => new(new Fault(
        FaultCode.UnsupportedVersion, "the store was written by a newer ipdr", path, "Use that ipdr, or another store (IPDR_HOME).")
    {
        Expected = $"catalogue version {known} or older",
        Actual = $"{found}",
    });
}
