package io.adjoint.io;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Lease;
import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import io.adjoint.core.Options;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model's state in PyTorch's form: the names of its {@code state_dict}, and arrays in its layouts.
 *
 * <pre>{@code
 * new StateDict(model).load(Safetensors.load(Path.of("model.safetensors")));
 * Safetensors.save(Path.of("model.safetensors"), new StateDict(model).state(), new SafetensorsOptions().metadata(Map.of("format", "pt")));
 * }</pre>
 *
 * <p>A name is the name in a PyTorch model whose modules are named as the blocks here. Camel case becomes snake case, {@code fc1.weight},
 * {@code encoder.layers.0.self_attn.in_proj_weight}; other names are the same in both. The arrays of a layer have the names that PyTorch's
 * layer gives them, {@code rnn.weight_ih_l0_reverse} for {@code rnn.l0Reverse.inputWeight}. Weight and spectral normalizations are written
 * as PyTorch's {@code parametrizations}, and read as {@code weight_g}, {@code weight_v}, {@code weight_orig} and {@code weight_u}, too.
 *
 * <p>A normalization that keeps running statistics counts batches in PyTorch ({@code num_batches_tracked}), here only with a cumulative
 * average. The count of any other is neither missed nor kept, and written as 0: it has no influence there.
 *
 * <p>A parameter that blocks share may be in a state under one of its names, or under several, if its values are the same. It is
 * written under each.
 *
 * <p>Floating arrays are converted to the dtypes of the model's arrays, as in PyTorch. Immutable: each setting returns a changed copy;
 * {@link #load} changes the model.
 */
@CheckReturnValue
public final class StateDict extends Options<StateDict> {
    private final Block model;
    private StateNames names = new StateNames();
    private List<RowParts> rows = List.of();
    private boolean strict = true;

    /** The state of a model, under PyTorch's names for its arrays, which must match exactly. */
    public StateDict(Block model) {
        this.model = model;
    }

    /**
     * With names of states to be changed before they are compared: each match of a regular expression is replaced, as by
     * {@link String#replaceAll}. Several renamings follow one another.
     *
     * <pre>{@code
     * new StateDict(backbone).rename("^module\\.", "").rename("\\.gamma$", ".weight")
     * }</pre>
     *
     * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
     */
    public StateDict rename(String regex, String replacement) {
        return with(copy -> copy.names = names.rename(regex, replacement));
    }

    /**
     * Leaves out names in which a regular expression is found: such arrays of the state are ignored, such arrays of the model stay
     * unchanged. This loads a model except for its head, which has another shape:
     *
     * <pre>{@code
     * new StateDict(model).ignore("^fc\\.").load(state)
     * }</pre>
     *
     * @param regex is applied to PyTorch's names, after the renamings; {@code "^fc\\."} rather than {@code "fc"}, which is found in
     *     {@code fc2}, too
     * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
     */
    public StateDict ignore(String regex) {
        return with(copy -> copy.names = names.ignore(regex));
    }

    /**
     * With all names to be left alone in which a regular expression is not found, as by {@link #ignore}; several calls add up. So the
     * adapters of a model are saved and loaded without the model:
     *
     * <pre>{@code
     * StateDict adapters = new StateDict(model).only("lora");
     * Safetensors.save(file, adapters.state());
     * LoadReport report = adapters.load(Safetensors.load(file));
     * }</pre>
     *
     * @param regex is applied to PyTorch's names, after the renamings: {@code lora_a} for {@code loraA}
     * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
     */
    public StateDict only(String regex) {
        return with(copy -> copy.names = names.only(regex));
    }

    /**
     * With several arrays of a file as the rows of one of the model, below one another: the projections of queries, keys and values, which
     * Hugging Face's models keep apart, make the {@code in_proj_weight} of an attention.
     *
     * <pre>{@code
     * new StateDict(model).concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
     * }</pre>
     *
     * <p>{@link #state(Collection)} takes the rows apart again. Arrays of a file that are laid out in another way, such as transposed, are
     * changed in its map: {@code state.replaceAll((name, array) -> …)}.
     *
     * @param name a suffix of the model's name of the array: the whole name, or its end after a dot
     * @param parts the corresponding suffixes of the file's names of the parts, after the renamings; all parts have the same number of rows
     * @throws IllegalArgumentException if there are less than two parts, or a name is empty or given twice
     */
    public StateDict concat(String name, String... parts) {
        return concat(name, List.of(parts));
    }

    /**
     * As {@link #concat(String, String...)}, with parts of different numbers of rows: {@code 64, 16, 16} for 4 heads of queries and 1 of
     * keys and values, 16 wide.
     *
     * @param rows the number of rows of each part; none if they are equal
     */
    public StateDict concat(String name, List<String> parts, int... rows) {
        return withRows(new RowParts(
                name, List.copyOf(parts), Arrays.stream(rows).boxed().toList(), true));
    }

    /**
     * With one array of a file as the rows of several of the model, the reverse of {@link #concat}: the {@code in_proj_weight} of PyTorch's
     * attention, for a model with a layer for each projection. {@link #state(Collection)} joins them again.
     *
     * @param name a suffix of the file's name of the array, after the renamings: the whole name, or its end after a dot
     * @param parts the corresponding suffixes of the model's names of the parts, in the order of their rows
     * @throws IllegalArgumentException if there are less than two parts, or a name is empty or given twice
     */
    public StateDict split(String name, String... parts) {
        return withRows(new RowParts(name, List.of(parts), List.of(), false));
    }

    private StateDict withRows(RowParts added) {
        return with(copy -> copy.rows = StateNames.appended(rows, added));
    }

    /**
     * Sets whether {@link #load} throws if an array is missing or unexpected, as it does at first; as in PyTorch it always throws if one is
     * mismatched. See {@link #ignore} for a choice by name.
     */
    public StateDict strict(boolean value) {
        return with(copy -> copy.strict = value);
    }

    // ---- writing ----

    /**
     * A copy of the model's arrays by PyTorch's names, in PyTorch's order, without those that {@link #ignore} and {@link #only} leave
     * alone.
     *
     * @throws IllegalArgumentException if two arrays have the same name in PyTorch, or all of the model's are left alone
     * @throws IllegalStateException after {@link #rename}, {@link #concat} and {@link #split}, as the new names don't give the old ones
     *     before: see {@link #state(Collection)}
     */
    public Map<String, NdArray> state() {
        if (!names.renamings().isEmpty() || !rows.isEmpty()) {
            throw new IllegalStateException(
                    "StateDict: names that were renamed are not known from the model; say which to"
                            + " write, state(loaded.keySet()), or write PyTorch's: new StateDict(model).state()");
        }
        Map<String, NdArray> ours = model.state();
        Map<String, NdArray> state = new LinkedHashMap<>();
        for (TorchNames.Entry entry : entries()) {
            if (!names.isIgnored(entry.name())) {
                state.put(entry.name(), Lease.outside(() -> array(entry, ours)));
            }
        }
        requireSome(state);
        return state;
    }

    /** Refuses a state without arrays if the model has some: an empty file would otherwise be written silently. */
    private void requireSome(Map<String, NdArray> state) {
        Set<String> known = names().keySet();
        if (state.isEmpty() && !known.isEmpty()) {
            throw new IllegalArgumentException(
                    "StateDict: only or ignore leaves no name of the model, so the state would be empty; it has "
                            + Messages.list(known));
        }
    }

    /** The model's array for an entry; an INT32 scalar 0 for a count of batches that only PyTorch has, which it converts to int64. */
    private static NdArray array(TorchNames.Entry entry, Map<String, NdArray> ours) {
        return entry.path() == null
                ? NdArray.zeros(DType.INT32, Shape.scalar())
                : Objects.requireNonNull(ours.get(entry.path()));
    }

    /**
     * A copy of the model's arrays by the names in a file, which {@link #load} takes with the same {@link #rename}, {@link #concat}, {@link
     * #split} and {@link #ignore}. This writes a file that was read by renaming, for the program that it came from:
     *
     * <pre>{@code
     * StateDict dict = new StateDict(model).rename("^myHead\\.", "my_head.");
     * Map<String, NdArray> loaded = Safetensors.load(file);
     * dict.load(loaded);
     * Safetensors.save(file, dict.state(loaded.keySet()));
     * }</pre>
     *
     * @param names the names of the file; those that are ignored are left out
     * @throws IllegalArgumentException if the model has no array of a name, if two names become the same by renaming, or unless
     *     {@link #strict} is false, if there is no name for an array of the model, or if all names are ignored
     */
    public Map<String, NdArray> state(Collection<String> names) {
        Map<String, NdArray> ours = model.state();
        Map<String, TorchNames.Entry> entries = new LinkedHashMap<>();
        for (TorchNames.Entry entry : entries()) {
            entry.older().forEach(older -> entries.put(older, entry));
        }
        entries().forEach(entry -> entries.put(entry.name(), entry));
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        entries.forEach((name, entry) -> arrays.put(name, array(entry, ours)));
        Set<String> wanted = names.stream().map(this.names::renamed).collect(Collectors.toSet());
        Map<String, NdArray> written = RowParts.write(rows, arrays, wanted);
        Map<String, NdArray> state = new LinkedHashMap<>();
        Set<String> known = new LinkedHashSet<>();
        Set<String> before = new LinkedHashSet<>();
        for (String name : names) {
            String renamed = this.names.renamed(name);
            List<String> inModel = RowParts.inModel(rows, renamed, entries.keySet());
            if (inModel.stream().allMatch(this.names::isIgnored)) {
                continue;
            }
            NdArray array = written.get(renamed);
            if (array == null) {
                throw new IllegalArgumentException("StateDict: the model has no array for the name "
                        + Messages.quoted(name) + "; it has " + Messages.list(names().keySet()));
            }
            TorchNames.Entry same = entries.get(renamed);
            if (!before.add(same == null ? renamed : same.name())) {
                throw new IllegalArgumentException("StateDict: several names become "
                        + Messages.quoted(same == null ? renamed : same.name()) + " by renaming, "
                        + Messages.quoted(name) + " is one");
            }
            inModel.forEach(
                    each -> known.add(Objects.requireNonNull(entries.get(each)).name()));
            state.put(name, array);
        }
        requireAll(known);
        requireSome(state);
        return state;
    }

    private void requireAll(Set<String> known) {
        Map<String, Tensor> parameters = model.namedParameters();
        Set<@Nullable Tensor> written = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, String> paths = names();
        known.forEach(name -> written.add(parameters.get(paths.getOrDefault(name, ""))));
        Set<String> missing = new LinkedHashSet<>();
        paths.forEach((name, path) -> {
            Tensor parameter = parameters.get(path);
            boolean isShared = parameter != null && written.contains(parameter);
            if (!known.contains(name) && !isShared && !names.isIgnored(name)) {
                missing.add(name);
            }
        });
        if (strict && !missing.isEmpty()) {
            throw new IllegalArgumentException("StateDict: there is no name for " + Messages.list(missing)
                    + "; with strict(false) they are left out");
        }
    }

    /**
     * The paths of the model's arrays, by PyTorch's names.
     *
     * @throws IllegalArgumentException if two arrays have the same name in PyTorch
     */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (TorchNames.Entry entry : entries()) {
            if (entry.path() != null) {
                names.put(entry.name(), entry.path());
            }
        }
        return Collections.unmodifiableMap(names);
    }

    private List<TorchNames.Entry> entries() {
        List<TorchNames.Entry> entries = TorchNames.of(model);
        Map<String, TorchNames.Entry> first = new LinkedHashMap<>();
        for (TorchNames.Entry entry : entries) {
            TorchNames.Entry other = first.putIfAbsent(entry.name(), entry);
            if (other != null) {
                throw new IllegalArgumentException("StateDict: '" + other.path() + "' and '" + entry.path()
                        + "' would both be '" + entry.name() + "' in PyTorch; rename a block");
            }
        }
        return entries;
    }

    // ---- reading ----

    /**
     * Replaces the model's arrays by copies of a state's arrays.
     *
     * @return the arrays that were loaded, and the arrays that were left out
     * @throws IllegalArgumentException with the whole {@linkplain #compare report} if an array is mismatched; unless {@link #strict} is
     *     false, if one is missing or unexpected; if nothing is loaded, unless neither the state nor the model has arrays; if two names
     *     become the same by renaming; if the values under two names of a shared parameter differ. Then nothing has changed
     */
    @CanIgnoreReturnValue
    public LoadReport load(Map<String, NdArray> state) {
        StateComparison comparison = comparison(state);
        LoadReport report = comparison.report();
        boolean nothing =
                report.loaded().isEmpty() && !(state.isEmpty() && model.state().isEmpty());
        if (!report.mismatched().isEmpty() || nothing || (strict && !report.isExact())) {
            throw new IllegalArgumentException("StateDict: the state does not fit the model, and nothing was loaded: "
                    + (state.isEmpty() ? "it has no arrays; " : "") + report
                    + (isOurs(state, report)
                            ? "\n  these are the block's own names, not PyTorch's: model.load(state)"
                            : report.mismatched().isEmpty() && !nothing
                                    ? "\n  to leave out what is missing or unexpected: strict(false), or ignore(regex) for a choice"
                                    : ""));
        }
        model.load(comparison.complete());
        return report;
    }

    /** Returns whether a state has the names of {@link Block#state} instead of PyTorch's. */
    private boolean isOurs(Map<String, NdArray> state, LoadReport report) {
        return !report.unexpected().isEmpty() && model.state().keySet().containsAll(state.keySet());
    }

    /**
     * Compares a state with the model, and changes nothing.
     *
     * @throws IllegalArgumentException if two names become the same by renaming
     */
    public LoadReport compare(Map<String, NdArray> state) {
        return comparison(state).report();
    }

    private StateComparison comparison(Map<String, NdArray> state) {
        Map<Boolean, List<TorchNames.Entry>> entries =
                entries().stream().collect(Collectors.partitioningBy(entry -> names.isIgnored(entry.name())));
        Set<String> ignoredNames = new LinkedHashSet<>();
        entries.getOrDefault(true, List.of()).stream()
                .filter(entry -> entry.path() != null)
                .forEach(entry -> ignoredNames.add(entry.name()));
        Map<String, NdArray> arrays = renamed(state, ignoredNames);
        return new StateComparison(model, entries.getOrDefault(false, List.of()), arrays, ignoredNames);
    }

    /** The arrays by their changed names, without the ignored ones, whose names are added to {@code ignoredNames}. */
    private Map<String, NdArray> renamed(Map<String, NdArray> state, Set<String> ignoredNames) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        state.forEach((name, array) -> {
            String renamed = names.renamed(name);
            if (arrays.put(renamed, array) != null && !names.isIgnored(renamed)) {
                throw new IllegalArgumentException("StateDict: several names become " + Messages.quoted(renamed)
                        + " by renaming, " + Messages.quoted(name) + " is one; nothing was loaded");
            }
        });
        Map<String, NdArray> compared = new LinkedHashMap<>();
        RowParts.read(rows, arrays, shapes()).forEach((name, array) -> {
            if (names.isIgnored(name)) {
                ignoredNames.add(name);
            } else {
                compared.put(name, array);
            }
        });
        return compared;
    }

    /** The shapes of the model's arrays by PyTorch's names. */
    private Map<String, Shape> shapes() {
        Map<String, Shape> paths = new LinkedHashMap<>();
        model.namedParameters().forEach((path, leaf) -> paths.put(path, leaf.shape()));
        model.namedBuffers()
                .forEach((path, buffer) -> paths.put(path, buffer.value().shape()));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        names().forEach((name, path) -> shapes.put(name, Objects.requireNonNull(paths.get(path))));
        return shapes;
    }
}
