import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Cameras } from './camera.js';
import { readCamerasFile } from './cameras-file.js';

/** The cameras that the operator described; none without CAMERAS_FILE. */
@Module({
  providers: [{ provide: Cameras, inject: [Config], useFactory: readCameras }],
  exports: [Cameras],
})
export class CamerasModule {}

async function readCameras({ cameras, capture }: Config): Promise<Cameras> {
  return cameras.file === undefined
    ? new Cameras([])
    : readCamerasFile(cameras.file, { ...capture, secrets: cameras.secrets });
}
