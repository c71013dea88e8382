using System.Runtime.InteropServices;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Staging;

/// <summary>A small private file that several programs read and change. Readers see it before a change or after it; of ours, one at a time changes it.</summary>
/// <remarks>
/// Who changes it holds a file beside it, writes the new content into another, and renames that. Other programs do the same without the first,
/// so what they write between our reading and our renaming is lost, as what we write is to them; that is the time it takes to sync a few kilobytes.
/// </remarks>
internal static partial class SharedFile
{
    /// <summary>What is behind the names of the file that is held, and of the one that is written.</summary>
    public const string HeldSuffix = ".ipdr", DraftSuffix = ".ipdr.new";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EWOULDBLOCK, which .NET passes on in HResult, and Windows' sharing violation.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(10);

    /// <summary>Changes the file. A symbolic link stays, and what it leads to is changed. Nobody but its owner may read it then.</summary>
    /// <param name="path">The file; it need not be there, nor its folder.</param>
    /// <param name="read">Reads it; null if it is not there.</param>
    /// <param name="edit">Gives the new content; null to leave it as it is.</param>
    /// <param name="cancellationToken">Gives up; the file is then as it was.</param>
    /// <exception cref="IpdrException">It cannot be written, or another process does not get done with it (<see cref="FaultCode.InUse"/>).</exception>
    public static async Task ChangeAsync(string path, Func<string, byte[]?> read, Func<byte[]?, byte[]?> edit, CancellationToken cancellationToken)
    {
        string target = DestinationIo.Guard(path, () => TargetOf(Path.GetFullPath(path)));
        DestinationIo.Guard(target, () => MakeFolder(Path.GetDirectoryName(target)!));
        string held = target + HeldSuffix;
        using FileStream holder = await TakeAsync(held, cancellationToken).ConfigureAwait(false);
        try
        {
            if (edit(read(target)) is { } content)
                DestinationIo.Guard(target, () => Replace(target, content));
        }
        finally
        {
            // While it is held, so that nobody waits for what is gone.
            File.Delete(held);
        }
    }

    // What a link leads to need not be there.
    private static string TargetOf(string path) => new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
    }

    private static async Task<FileStream> TakeAsync(string held, CancellationToken cancellationToken)
    {
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (TryTake(held) is { } file)
                return file;
            if (waited >= Patience)
                throw new IpdrException(new Fault(FaultCode.InUse, $"another process has been changing the file for {Patience.TotalSeconds:0} s", held[..^HeldSuffix.Length], "See what it waits for, then run the command again."));
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    // One that was left by a process that was killed is nobody's, and taken.
    private static FileStream? TryTake(string held)
    {
        FileStreamOptions options = Options(FileMode.OpenOrCreate, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
        FileStream file;
        try
        {
            file = new FileStream(held, options);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DestinationIo.Explain(held[..^HeldSuffix.Length], e);
        }
        // On Unix a file is opened first and locked then: in between its holder may have removed it.
        if (IsThere(file.SafeFileHandle, held))
            return file;
        file.Dispose();
        return null;
    }

    private static bool IsThere(SafeFileHandle file, string path) => FileStatus.TryRead(file, out FileStatus held)
        ? FileStatus.TryRead(path, out FileStatus there) && there.Identity == held.Identity
        : File.Exists(path);

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        return options;
    }

    // The new file is closed before it has its name: .NET locks what is open, and a reader of ours would be refused.
    private static void Replace(string target, byte[] content)
    {
        string draft = target + DraftSuffix;
        try
        {
            using (FileStream file = new(draft, Options(FileMode.Create, FileShare.None)))
            {
                // One that was left by a process that was killed has any mode.
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, Private);
                // Who is root for a moment must not take the file away from its owner. Whoever may not give it away owns it already, or will.
                if (FileStatus.TryRead(target, out FileStatus before))
                    _ = ChangeOwner(file.SafeFileHandle, before.Owner.User, before.Owner.Group);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, target, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}
