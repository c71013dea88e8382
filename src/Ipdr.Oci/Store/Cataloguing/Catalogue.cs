using System.Collections.Concurrent;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Staging;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>The SQLite file that knows what is in the store. Any number of readers, one writer at a time, in this process and in others.</summary>
/// <remarks>
/// Where the file cannot be written it is still read. Others may be writing it all the same (on a volume that is mounted for reading only
/// here, or with rights that this process lacks): while they have a log SQLite follows it; without one the file is read as if nobody ever
/// wrote, and read again if it turns out that somebody did.
/// </remarks>
internal sealed class Catalogue : IDisposable
{
    // A writer brings its log to the file and takes it away when it ends; that does not happen so often in a row.
    private const int MaxReadings = 8;

    private readonly string _path;
    private readonly ConcurrentBag<CatalogueConnection> _idle = [];

    // Writers of this process wait here, where waiting costs nothing, rather than in SQLite, which polls.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _batches;

    /// <summary>Opens the file; it is made if it is not there.</summary>
    /// <exception cref="IpdrException">It cannot be used, or is damaged or of a newer release.</exception>
    public Catalogue(string path)
    {
        _path = path;
        IsReadOnly = !MayWrite();
        if (IsReadOnly)
            Read(connection => CatalogueSchema.RequireCurrent(connection, path));
        else
            Guard(connection => CatalogueSchema.Migrate(connection, path));
    }

    /// <summary>Whether it can only be read here: the volume or the rights on it allow no more.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Asks something. What is read within one query is consistent.</summary>
    /// <exception cref="IpdrException">The catalogue is damaged or cannot be read.</exception>
    public T Read<T>(Func<CatalogueConnection, T> query) => IsReadOnly ? ReadUnlocked(query) : Guard(query);

    /// <summary>Changes something, all of it or nothing. While <paramref name="change"/> runs no other process changes anything.</summary>
    /// <exception cref="IpdrException">The catalogue can only be read here, or the volume is full or fails.</exception>
    public async Task<T> WriteAsync<T>(Func<CatalogueConnection, T> change, CancellationToken cancellationToken)
    {
        RequireWritable();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Guard(connection => connection.InTransaction(() => change(connection), isDurable: Volatile.Read(ref _batches) == 0));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<CatalogueConnection> change, CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        change(connection);
        return true;
    }, cancellationToken);

    /// <summary>Refuses a change before anything is done for it.</summary>
    /// <exception cref="IpdrException">The catalogue can only be read here.</exception>
    public void RequireWritable()
    {
        if (IsReadOnly)
            throw CatalogueFaults.ReadOnlyHere(_path);
    }

    /// <summary>From now on a change is written, and not waited for until it is on the disk.</summary>
    public void EnterBatch() => Interlocked.Increment(ref _batches);

    /// <summary>Ends that, and waits for all changes so far.</summary>
    /// <exception cref="IpdrException">The volume is full or fails.</exception>
    public void LeaveBatch()
    {
        Interlocked.Decrement(ref _batches);
        if (IsReadOnly)
            return;
        // Changes that are not in this file were brought to the catalogue itself, and SQLite has waited for them.
        string log = CatalogueState.LogOf(_path);
        DestinationIo.Guard(log, () =>
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.FlushToDisk(file);
            }
            catch (FileNotFoundException)
            {
                // The last of the others has closed the catalogue.
            }
        });
    }

    public void Dispose()
    {
        CloseIdle();
        _writing.Dispose();
    }

    private bool MayWrite()
    {
        try
        {
            // A file that may not be written can sometimes be opened so all the same, and says it then.
            bool may = Guard(connection => !connection.IsReadOnly);
            if (!may)
                CloseIdle();
            return may;
        }
        catch (IpdrException e) when (e.InnerException is SqliteException inner && CatalogueFaults.IsRefusalToWrite(inner) && File.Exists(_path))
        {
            return false;
        }
    }

    private T ReadUnlocked<T>(Func<CatalogueConnection, T> query)
    {
        for (int reading = 1; ; reading++)
        {
            CatalogueState state = CatalogueState.Of(_path);
            try
            {
                T result = Guard(query, state);
                if (state.HasLog || CatalogueState.Of(_path) == state)
                    return result;
            }
            catch (IpdrException) when (reading < MaxReadings && CatalogueState.Of(_path) != state)
            {
                // Half of it was what somebody wrote just now.
            }
            if (reading == MaxReadings)
                throw CatalogueFaults.Restless(_path);
        }
    }

    private T Guard<T>(Func<CatalogueConnection, T> work, CatalogueState? readOnly = null)
    {
        try
        {
            CatalogueConnection connection = Open(readOnly);
            bool sound = false;
            try
            {
                T result = work(connection);
                sound = true;
                return result;
            }
            finally
            {
                // After a failure its state is not known: the next one opens anew.
                if (sound)
                    _idle.Add(connection);
                else
                    connection.Dispose();
            }
        }
        catch (SqliteException e)
        {
            throw CatalogueFaults.Explain(e, _path, readOnly);
        }
    }

    private CatalogueConnection Open(CatalogueState? readOnly)
    {
        while (_idle.TryTake(out CatalogueConnection? connection))
        {
            if (connection.ValidFor is null || connection.ValidFor == readOnly)
                return connection;
            connection.Dispose();
        }
        return readOnly is { } state ? CatalogueConnection.ToRead(_path, state) : CatalogueConnection.ToWrite(_path);
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out CatalogueConnection? connection))
            connection.Dispose();
    }
}
