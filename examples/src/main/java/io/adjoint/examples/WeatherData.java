package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Csv;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Four years of weather in Seattle, of {@code seattle-weather.csv}. An input is the features of some days {@code [days, 6]}, scaled to mean
 * 0 and variance 1 over the training days; its target is the change of the highest temperature from the last of these days to the next.
 *
 * @param train the samples for training
 * @param test the samples whose targets are the last 365 days
 */
record WeatherData(Batch train, Batch test) {
    static final int FEATURES = 6;
    private static final int HELD_OUT = 365;

    /** Reads the file and splits it. */
    static WeatherData load(int daysOfAnInput, DType dtype) {
        Csv table = Resources.csv("weather/seattle-weather.csv");
        int samples = table.size() - daysOfAnInput;
        int first = samples - HELD_OUT;
        Tensor days = features(table).to(dtype);
        Tensor known = days.slice(0, 0, table.size() - HELD_OUT);
        Tensor warmest = days.select(1, 0);
        Tensor changes = warmest.slice(0, daysOfAnInput, table.size())
                .sub(warmest.slice(0, daysOfAnInput - 1, table.size() - 1));
        Tensor scaled = days.sub(known.mean(Dims.KEEP, 0)).div(known.std(Dims.KEEP, 0));
        Tensor windows = Tensor.stack(
                0,
                IntStream.range(0, samples)
                        .mapToObj(day -> scaled.slice(0, day, day + daysOfAnInput))
                        .toList());
        return new WeatherData(
                new Batch(windows.slice(0, 0, first), changes.slice(0, 0, first)),
                new Batch(windows.slice(0, first, samples), changes.slice(0, first, samples)));
    }

    /**
     * The features of each day: temperatures, precipitation, wind, and the day of the year as a point on a circle, where December is next
     * to January.
     */
    private static Tensor features(Csv table) {
        Tensor angle = Tensor.of(table.texts("date").stream()
                .mapToDouble(date -> 2 * Math.PI * LocalDate.parse(date).getDayOfYear() / 365.25)
                .toArray());
        return Tensor.stack(
                1,
                List.of(
                        table.doubles("temp_max"),
                        table.doubles("temp_min"),
                        table.doubles("precipitation").log1p(),
                        table.doubles("wind"),
                        angle.sin(),
                        angle.cos()));
    }
}
